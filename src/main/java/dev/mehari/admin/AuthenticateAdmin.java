package dev.mehari.admin;

import dev.mehari.access.AdminKey;
import dev.mehari.transport.ClientExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code authenticateAdmin}: lets only administrators pass. Each door below {@code /admin} begins with it. */
@Component
final class AuthenticateAdmin implements Processor {
    private final AdminKey key;

    AuthenticateAdmin(AdminKey key) {
        this.key = key;
    }

    @Override
    public void process(Exchange exchange) {
        ClientExchange client = exchange.getProperty("client", ClientExchange.class);
        key.require(client.header("authorization"), client.header("x-api-key"));
    }
}
