package dev.mehari.admin;

import dev.mehari.chat.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What admin doors are asked, and how they answer. */
final class AdminAnswer {
    private AdminAnswer() {}

    /** The query parameters. */
    static Map<String, String> query(Exchange exchange) {
        return texts(exchange, "query");
    }

    /** What the path has for {@code {name}}; empty: nothing. */
    static String path(Exchange exchange, String name) {
        return texts(exchange, "path").getOrDefault(name, "");
    }

    @SuppressWarnings("unchecked") // The transport sets it.
    private static Map<String, String> texts(Exchange exchange, String property) {
        return exchange.getProperty(property, Map.of(), Map.class);
    }

    static void json(Exchange exchange, Map<String, @Nullable Object> body) {
        set(exchange, "application/json", Json.text(Json.MAPPER.valueToTree(body)));
    }

    static void set(Exchange exchange, String contentType, String text) {
        exchange.getMessage().setHeader("content-type", contentType);
        exchange.getMessage().setHeader("cache-control", "no-store");
        exchange.getMessage().setBody(text.getBytes(StandardCharsets.UTF_8));
    }
}
