package dev.mehari.admin;

import dev.mehari.access.AdminSessions;
import dev.mehari.access.SameOrigin;
import dev.mehari.access.SessionCookie;
import dev.mehari.chat.GatewayException.Forbidden;
import dev.mehari.transport.ClientRequest;
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
    boolean admits(ClientRequest request) {
        boolean byKey = request.header("authorization") != null || request.header("x-api-key") != null;
        if (byKey || !sessions.holds(token(request))) {
            return false;
        }
        SameOrigin.require(
                request.method(), request.header("sec-fetch-site"), request.header("origin"), request.header("host"));
        return true;
    }

    /** The token of the request's cookie, whether it still holds or not; null: there is none. */
    static @Nullable String token(ClientRequest request) {
        return SessionCookie.in(request.headers().getAll("cookie"));
    }
}
