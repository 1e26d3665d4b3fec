package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import org.jspecify.annotations.Nullable;

/**
 * Writes what went wrong in a stream whose response is not over for that, or has not begun: the event {@code error}, flat.
 * Source: OpenAI API reference, Responses streaming, read 2026-11-21. Stateless and thread-safe.
 */
final class ResponsesErrors {
    private ResponsesErrors() {}

    static byte[] event(GatewayException failure) {
        ByteSink out = new ByteSink(256);
        write(failure, new EventWriter(), out);
        return out.toByteArray();
    }

    /** The same in a stream under way. */
    static void write(GatewayException failure, EventWriter events, ByteSink out) {
        events.begin("error", out).write(",\"code\":");
        quoteOrNull(failure.code() == null ? failure.type() : failure.code(), out);
        Json.quote(failure.text(), out.write(",\"message\":")).write(",\"param\":");
        quoteOrNull(failure.param(), out);
        events.end(out);
    }

    private static void quoteOrNull(@Nullable String text, ByteSink out) {
        if (text == null) {
            out.write("null");
        } else {
            Json.quote(text, out);
        }
    }
}
