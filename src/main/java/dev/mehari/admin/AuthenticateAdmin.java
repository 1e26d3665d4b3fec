package dev.mehari.admin;

import dev.mehari.access.AdminKey;
import dev.mehari.access.Guesses;
import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.SteadyClock;
import dev.mehari.transport.ClientExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticateAdmin}: lets only administrators pass, by their key or by the session of a browser. Each door
 * below {@code /admin} begins with it. Who tries keys is slowed down.
 */
@Component
final class AuthenticateAdmin implements Processor {
    /** Far above what somebody mistypes, far below what finds a key. */
    private static final int WRONG_A_MINUTE = 60;

    private final AdminKey key;
    private final BrowserSession session;
    private final Guesses guesses;

    AuthenticateAdmin(AdminKey key, BrowserSession session, SteadyClock clock) {
        this.key = key;
        this.session = session;
        this.guesses = new Guesses(WRONG_A_MINUTE, clock);
    }

    @Override
    public void process(Exchange exchange) {
        ClientExchange client = exchange.getProperty("client", ClientExchange.class);
        if (session.admits(client)) {
            return;
        }
        String authorization = client.header("authorization");
        String apiKey = client.header("x-api-key");
        boolean guessed = authorization != null || apiKey != null;
        if (guessed) {
            guesses.check(client.peer());
        }
        try {
            key.require(authorization, apiKey);
        } catch (Unauthenticated wrong) {
            if (guessed) {
                guesses.wrong(client.peer());
            }
            throw wrong;
        }
    }
}
