package dev.mehari.admin;

import dev.mehari.access.AdminSessions;
import dev.mehari.access.SessionCookie;
import dev.mehari.chat.Json;
import dev.mehari.transport.ClientExchange;
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
            setCookie(exchange, SessionCookie.set(sessions.open(), isSecure(AdminJson.client(exchange))));
            AdminJson.answer(exchange, 200, Json.MAPPER.createObjectNode().put("expires_at", until));
        };
    }

    @Bean
    Processor endSession() {
        return exchange -> {
            ClientExchange client = AdminJson.client(exchange);
            sessions.close(BrowserSession.token(client));
            setCookie(exchange, SessionCookie.clear(isSecure(client)));
            AdminJson.answer(exchange, 200, Json.MAPPER.createObjectNode().putNull("expires_at"));
        };
    }

    private static void setCookie(Exchange exchange, String cookie) {
        exchange.getMessage().setHeader("set-cookie", cookie);
    }

    /** Also behind a proxy that ends TLS. Who forges its header only keeps the own browser from sending the cookie. */
    private static boolean isSecure(ClientExchange client) {
        return client.isTls() || "https".equalsIgnoreCase(client.header("x-forwarded-proto"));
    }
}
