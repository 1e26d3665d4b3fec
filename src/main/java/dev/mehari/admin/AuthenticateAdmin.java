package dev.mehari.admin;

import dev.mehari.access.AdminKey;
import dev.mehari.transport.ClientExchange;
import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticateAdmin}: lets only administrators pass, by their key or by the session of a browser. Each door
 * below {@code /admin} begins with it.
 */
@Component
final class AuthenticateAdmin implements Processor {
    private final AdminKey key;
    private final InstantSource clock;

    AuthenticateAdmin(AdminKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        ClientExchange client = exchange.getProperty("client", ClientExchange.class);
        String authorization = client.header("authorization");
        String apiKey = client.header("x-api-key");
        boolean byKey = authorization != null || apiKey != null;
        if (byKey || !isOfOurPages(client) || !key.isSession(AdminSession.of(client), clock.instant())) {
            key.require(authorization, apiKey);
        }
    }

    /** Browsers tell which page a request is from; the cookie is not sent from others anyway (SameSite=Strict). */
    private static boolean isOfOurPages(ClientExchange client) {
        String site = client.header("sec-fetch-site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }
}
