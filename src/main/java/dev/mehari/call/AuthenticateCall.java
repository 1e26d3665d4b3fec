package dev.mehari.call;

import dev.mehari.access.ClientKeys;
import dev.mehari.transport.ClientExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code authenticateCall}: asks for one of our keys, when there are any, and sets the property {@code key}. */
@Component
final class AuthenticateCall implements Processor {
    private final ClientKeys keys;

    AuthenticateCall(ClientKeys keys) {
        this.keys = keys;
    }

    @Override
    public void process(Exchange exchange) {
        ClientExchange client = exchange.getProperty("client", ClientExchange.class);
        String key = keys.authenticate(client.header("authorization"), client.header("x-api-key"));
        exchange.setProperty("key", key);
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.key(key);
        }
    }
}
