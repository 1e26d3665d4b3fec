package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.transport.StreamCodec;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code callUpstream}: sends the request in the body and puts the provider's answer there: whole, or a stream that
 * has said something. Up to there an error is still one that another deployment can make good.
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
        Attempt attempt = Attempt.of(exchange);
        if (attempt.failure() != null) {
            return;
        }
        UpstreamRequest request =
                exchange.getMessage().getBody(UpstreamRequest.class).within(call.timeLeft());
        attempt.sent();
        try {
            exchange.getMessage().setBody(upstream.send(request, attempt.audience(), new AttemptCodec(call, attempt)));
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
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
            attempt.watch(event);
        }
    }
}
