package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.access.ClientKeys;
import dev.mehari.transport.ClientRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticateCall}: asks for one of our keys, when there are any. Sets the property {@code caller}, and for
 * predicates its {@code key} (the id, no secret) and {@code team}.
 */
@Component
final class AuthenticateCall implements Processor {
    /** The exchange property that holds the {@link Caller}. */
    static final String CALLER = "caller";

    private final ClientKeys keys;

    AuthenticateCall(ClientKeys keys) {
        this.keys = keys;
    }

    @Override
    public void process(Exchange exchange) {
        ClientRequest request = ClientRequest.of(exchange);
        Caller caller = keys.authenticate(request.header("authorization"), request.header("x-api-key"));
        exchange.setProperty(CALLER, caller);
        exchange.setProperty("key", caller.tenant());
        exchange.setProperty("team", caller.team());
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.caller(caller);
        }
    }
}
