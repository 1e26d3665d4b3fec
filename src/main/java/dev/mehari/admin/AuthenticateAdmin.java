package dev.mehari.admin;

import dev.mehari.access.AdminKey;
import dev.mehari.access.Guesses;
import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.SteadyClock;
import dev.mehari.transport.ClientRequest;
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
        ClientRequest request = ClientRequest.of(exchange);
        if (session.admits(request)) {
            return;
        }
        String authorization = request.header("authorization");
        String apiKey = request.header("x-api-key");
        boolean guessed = authorization != null || apiKey != null;
        if (guessed) {
            guesses.check(request.peer());
        }
        try {
            key.require(authorization, apiKey);
        } catch (Unauthenticated wrong) {
            if (guessed) {
                guesses.wrong(request.peer());
            }
            throw wrong;
        }
    }
}
