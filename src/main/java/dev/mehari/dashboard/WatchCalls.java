package dev.mehari.dashboard;

import dev.mehari.access.AdminSessions;
import dev.mehari.access.SessionCookie;
import dev.mehari.transport.ClientRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code watchCalls}: the answer is a stream of events that tells of calls as they end, for as long as the session
 * lasts. Stands behind {@code authenticateAdmin}.
 */
@Component
final class WatchCalls implements Processor {
    private final LiveCalls calls;
    private final AdminSessions sessions;

    WatchCalls(LiveCalls calls, AdminSessions sessions) {
        this.calls = calls;
        this.sessions = sessions;
    }

    @Override
    public void process(Exchange exchange) {
        ClientRequest request = ClientRequest.of(exchange);
        String token = SessionCookie.in(request.headers().getAll("cookie"));
        // Whoever came by the key itself has no session that could end.
        boolean inSession = sessions.holds(token);
        exchange.getMessage().setBody(calls.open(() -> !inSession || sessions.holds(token)));
    }
}
