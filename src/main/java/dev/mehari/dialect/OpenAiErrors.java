package dev.mehari.dialect;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import org.jspecify.annotations.Nullable;

/**
 * Writes what went wrong in OpenAI's shape: {@code {"error":{"message","type","param","code"}}}, all four keys, null
 * where absent. Source: OpenAI API reference, errors, read 2026-11-21. Stateless and thread-safe.
 */
public final class OpenAiErrors {
    private OpenAiErrors() {}

    /** UTF-8 JSON: the body of an error answer. */
    public static byte[] body(GatewayException error) {
        ByteSink out = new ByteSink(256);
        object(error, out);
        return out.toByteArray();
    }

    /** One SSE record, for a stream that has begun: {@code data:} and the same object. No {@code [DONE]} may follow. */
    public static byte[] record(GatewayException error) {
        ByteSink out = new ByteSink(256);
        record(error, out);
        return out.toByteArray();
    }

    /** Appends that record. */
    public static void record(GatewayException error, ByteSink out) {
        out.write("data: ");
        object(error, out);
        out.write("\n\n");
    }

    private static void object(GatewayException error, ByteSink out) {
        Json.quote(error.text(), out.write("{\"error\":{\"message\":")).write(",\"type\":");
        Json.quote(error.type(), out).write(",\"param\":");
        quoteOrNull(error.param(), out);
        out.write(",\"code\":");
        quoteOrNull(error.code(), out);
        out.write("}}");
    }

    private static void quoteOrNull(@Nullable String text, ByteSink out) {
        if (text == null) {
            out.write("null");
        } else {
            Json.quote(text, out);
        }
    }
}
