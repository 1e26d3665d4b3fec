package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import org.jspecify.annotations.Nullable;

/**
 * Writes what went wrong in a stream of which nothing but comments has gone out: the event {@code error}, flat. Source:
 * OpenAI API reference, Responses streaming, read 2026-11-21. Stateless and thread-safe.
 */
final class ResponsesErrors {
    private ResponsesErrors() {}

    static byte[] event(GatewayException failure) {
        ByteSink out = new ByteSink(256);
        EventWriter events = new EventWriter();
        events.begin("error", out).write(",\"code\":");
        quoteOrNull(failure.code() == null ? failure.type() : failure.code(), out);
        Json.quote(failure.text(), out.write(",\"message\":")).write(",\"param\":");
        quoteOrNull(failure.param(), out);
        events.end(out);
        return out.toByteArray();
    }

    private static void quoteOrNull(@Nullable String text, ByteSink out) {
        if (text == null) {
            out.write("null");
        } else {
            Json.quote(text, out);
        }
    }
}
