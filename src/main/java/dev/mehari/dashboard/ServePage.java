package dev.mehari.dashboard;

import dev.mehari.access.AdminSessions;
import dev.mehari.access.SessionCookie;
import dev.mehari.transport.ClientRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code servePage}: the dashboard for those who have logged in, the log-in page for all others. */
@Component
final class ServePage implements Processor {
    private static final String HOME = "/dashboard";
    private static final String LOGIN = "/dashboard/login";

    private final Assets assets;
    private final AdminSessions sessions;

    ServePage(Assets assets, AdminSessions sessions) {
        this.assets = assets;
        this.sessions = sessions;
    }

    @Override
    public void process(Exchange exchange) {
        ClientRequest request = ClientRequest.of(exchange);
        boolean inSession = sessions.holds(SessionCookie.in(request.headers().getAll("cookie")));
        boolean wantsLogin = request.path().equals(LOGIN);
        if (inSession == wantsLogin) {
            Message out = exchange.getMessage();
            PageHeaders.set(out);
            out.setHeader(Exchange.HTTP_RESPONSE_CODE, 303);
            out.setHeader("location", inSession ? HOME : LOGIN);
            out.setHeader("cache-control", "no-store");
            out.setBody(new byte[0]);
        } else {
            PageHeaders.answer(exchange, assets.page(wantsLogin ? "login.html" : "index.html"), "no-cache");
        }
    }
}
