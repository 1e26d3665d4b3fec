package dev.mehari.admin;

import dev.mehari.access.AdminSessions;
import dev.mehari.access.SameOrigin;
import dev.mehari.access.SessionCookie;
import dev.mehari.chat.GatewayException.Forbidden;
import dev.mehari.transport.ClientExchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The session that a browser is in, by the cookie of its requests. */
@Component
final class BrowserSession {
    private final AdminSessions sessions;

    BrowserSession(AdminSessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Whether a request is sent in a session. One that brings a key is judged by that alone.
     *
     * @throws Forbidden it is, but another site's page made the browser send it
     */
    boolean admits(ClientExchange client) {
        boolean byKey = client.header("authorization") != null || client.header("x-api-key") != null;
        if (byKey || !sessions.holds(token(client))) {
            return false;
        }
        SameOrigin.require(
                client.method(), client.header("sec-fetch-site"), client.header("origin"), client.header("host"));
        return true;
    }

    /** The token of the request's cookie, whether it still holds or not; null: there is none. */
    static @Nullable String token(ClientExchange client) {
        return SessionCookie.in(client.headers().getAll("cookie"));
    }
}
