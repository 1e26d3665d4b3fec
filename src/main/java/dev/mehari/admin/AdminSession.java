package dev.mehari.admin;

import dev.mehari.access.AdminSessions;
import dev.mehari.access.SessionCookie;
import dev.mehari.chat.Json;
import dev.mehari.transport.ClientRequest;
import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Steps {@code beginSession} and {@code endSession}: the dashboard asks for the key once and keeps a cookie in its place,
 * which scripts cannot read and other sites' pages cannot send.
 */
@Configuration(proxyBeanMethods = false)
class AdminSession {
    private final AdminSessions sessions;
    private final InstantSource clock;

    AdminSession(AdminSessions sessions, InstantSource clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** After {@code authenticateAdmin}. */
    @Bean
    Processor beginSession() {
        return exchange -> {
            String until = clock.instant().plus(AdminSessions.LIFE).toString();
            setCookie(exchange, SessionCookie.set(sessions.open(), isSecure(ClientRequest.of(exchange))));
            AdminJson.answer(exchange, 200, Json.MAPPER.createObjectNode().put("expires_at", until));
        };
    }

    @Bean
    Processor endSession() {
        return exchange -> {
            ClientRequest request = ClientRequest.of(exchange);
            sessions.close(BrowserSession.token(request));
            setCookie(exchange, SessionCookie.clear(isSecure(request)));
            AdminJson.answer(exchange, 200, Json.MAPPER.createObjectNode().putNull("expires_at"));
        };
    }

    private static void setCookie(Exchange exchange, String cookie) {
        exchange.getMessage().setHeader("set-cookie", cookie);
    }

    /** Also behind a proxy that ends TLS. Who forges its header only keeps the own browser from sending the cookie. */
    private static boolean isSecure(ClientRequest request) {
        return request.isTls() || "https".equalsIgnoreCase(request.header("x-forwarded-proto"));
    }
}
