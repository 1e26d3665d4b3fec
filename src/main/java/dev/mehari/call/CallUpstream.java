package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code callUpstream}: sends the request in the body and puts the provider's answer there: whole, or the open
 * stream.
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
        if (call.attempt().failure() != null) {
            return;
        }
        UpstreamRequest request = exchange.getMessage().getBody(UpstreamRequest.class);
        try {
            exchange.getMessage().setBody(upstream.send(request, call.client()));
        } catch (GatewayException failure) {
            AttemptFailure.note(call.attempt(), failure);
        }
    }
}
