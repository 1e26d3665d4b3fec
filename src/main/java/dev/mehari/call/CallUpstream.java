package dev.mehari.call;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.UpstreamRequestId;
import dev.mehari.transport.ClientRequest;
import dev.mehari.transport.StreamCodec;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTimes;
import dev.mehari.usage.trace.TraceIds;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code callUpstream}: sends the request in the body and puts the provider's answer there: whole, or a stream that
 * has said something. Up to there an error is still one that another deployment can make good. For a list of requests
 * there is a list of answers. Sets the property {@code upstreamStatus}.
 */
@Component
final class CallUpstream implements Processor {
    private final Upstream upstream;
    private final Set<String> traced;

    CallUpstream(Upstream upstream, MehariSettings settings) {
        this.upstream = upstream;
        this.traced = Set.copyOf(settings.tracing().propagateTo());
    }

    @Override
    public void process(Exchange exchange) {
        exchange.removeProperty("upstreamStatus");
        Call call = Call.of(exchange);
        Attempt attempt = Attempt.of(exchange);
        if (attempt.failure() != null) {
            return;
        }
        Object body = exchange.getMessage().getBody();
        AttemptCodec codec = new AttemptCodec(call, attempt);
        attempt.sent();
        try {
            switch (body) {
                case UpstreamRequest one -> {
                    UpstreamResponse response = upstream.send(ready(one, call, attempt), attempt.audience(), codec);
                    exchange.setProperty("upstreamStatus", response.status());
                    exchange.getMessage().setBody(response);
                }
                case List<?> several -> {
                    List<UpstreamResponse> responses = SendAll.send(
                            several, each -> upstream.send(ready(each, call, attempt), attempt.audience(), codec));
                    exchange.setProperty("upstreamStatus", responses.getFirst().status());
                    exchange.getMessage().setBody(responses);
                }
                case null, default ->
                    throw new IllegalStateException("there is no request to send; name an encoding step before it");
            }
        } catch (GatewayException failure) {
            AttemptFailure.note(attempt, failure);
        }
    }

    /** With the time that is left, and the trace it belongs to where its provider may know. */
    private UpstreamRequest ready(UpstreamRequest request, Call call, Attempt attempt) {
        UpstreamRequest inTime = request.within(call.attempts().timeLeft());
        if (!traced.contains(attempt.ask().provider().name())) {
            return inTime;
        }
        ClientRequest asked = call.client().request();
        TraceIds trace = TraceIds.of(asked.id(), asked.receivedNanos(), asked.header("traceparent"));
        return inTime.with("traceparent", trace.traceparent(attempt.ask().answerId()));
    }

    /** The provider's protocol in, the client's dialect out. */
    private record AttemptCodec(Call call, Attempt attempt) implements StreamCodec {
        @Override
        public EventDecoder newDecoder() {
            EventDecoder decoder = attempt.request().protocol().decodeStream(attempt.ask());
            attempt.stream().namedBy(decoder::names);
            return decoder;
        }

        @Override
        public void begins(Function<String, @Nullable String> header) {
            attempt.requestId(UpstreamRequestId.read(header));
        }

        @Override
        public EventEncoder newEncoder() {
            return call.newEncoder(attempt);
        }

        @Override
        public void watch(ChatEvent event) {
            attempt.stream().watch(event);
        }

        @Override
        public UpstreamTimes times() {
            return attempt.times();
        }

        @Override
        public boolean isWanted() {
            return attempt.stream().isWanted();
        }
    }
}
