package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.transport.StreamCodec;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamRequest;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code callUpstream}: sends the request in the body and puts the provider's answer there: whole, or a stream that
 * has said something; for a list of requests a list of answers. Up to there an error is still one that another deployment can make good.
 */
@Component
final class CallUpstream implements Processor {
    private final Upstream upstream;

    CallUpstream(Upstream upstream) {
        this.upstream = upstream;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempt attempt = call.attempt();
        if (attempt.failure() != null) {
            return;
        }
        Object body = exchange.getMessage().getBody();
        try {
            exchange.getMessage().setBody(send(body, call, new AttemptCodec(call, attempt)));
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }

    /** @param body one request, or, for embeddings, a list of them */
    private Object send(Object body, Call call, AttemptCodec codec) {
        return switch (body) {
            case UpstreamRequest one -> upstream.send(one, call.client(), codec);
            case List<?> several ->
                SendAll.send(
                        several.stream().map(UpstreamRequest.class::cast).toList(),
                        each -> upstream.send(each, call.client(), codec));
            default -> throw new IllegalStateException("there is no request to send; name an encoding step before it");
        };
    }

    /** The provider's protocol in, the client's dialect out. */
    private record AttemptCodec(Call call, Attempt attempt) implements StreamCodec {
        @Override
        public EventDecoder newDecoder() {
            return attempt.protocol().decodeStream(attempt.ask());
        }

        @Override
        public EventEncoder newEncoder() {
            return call.dialect().streamWriter(call.request());
        }

        @Override
        public void watch(ChatEvent event) {
            call.watch(event);
        }
    }
}
