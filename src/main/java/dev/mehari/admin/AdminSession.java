package dev.mehari.admin;

import dev.mehari.access.AdminKey;
import dev.mehari.chat.Json;
import dev.mehari.transport.ClientExchange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Steps {@code beginSession} and {@code endSession}: the dashboard asks for the key once and keeps a cookie in its place,
 * which scripts cannot read and other sites' pages cannot send.
 */
@Configuration(proxyBeanMethods = false)
class AdminSession {
    private static final String COOKIE = "mehari_session";
    private static final Duration LASTS = Duration.ofHours(12);

    private final AdminKey key;
    private final InstantSource clock;

    AdminSession(AdminKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /** The session that a request carries; null: none. */
    static @Nullable String of(ClientExchange client) {
        String cookies = client.header("cookie");
        for (String cookie : cookies == null ? new String[0] : cookies.split(";", 50)) {
            String named = cookie.strip();
            if (named.startsWith(COOKIE + '=')) {
                return named.substring(COOKIE.length() + 1);
            }
        }
        return null;
    }

    /** After {@code authenticateAdmin}. */
    @Bean
    Processor beginSession() {
        return exchange -> {
            Instant until = clock.instant().plus(LASTS);
            answer(exchange, key.session(until), LASTS);
            AdminJson.answer(exchange, 200, Json.MAPPER.createObjectNode().put("expires_at", until.toString()));
        };
    }

    @Bean
    Processor endSession() {
        return exchange -> {
            answer(exchange, "", Duration.ZERO);
            AdminJson.answer(exchange, 200, Json.MAPPER.createObjectNode().putNull("expires_at"));
        };
    }

    private static void answer(Exchange exchange, String session, Duration lasts) {
        boolean tls = AdminJson.client(exchange).isTls();
        exchange.getMessage()
                .setHeader(
                        "set-cookie",
                        COOKIE + '=' + session + "; Path=/; Max-Age=" + lasts.toSeconds()
                                + "; HttpOnly; SameSite=Strict" + (tls ? "; Secure" : ""));
    }
}
