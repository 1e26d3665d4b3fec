package dev.mehari.dialect.messages;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.BudgetExceeded;
import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes what went wrong in Anthropic's shape: {@code {"type":"error","error":{"type","message"},"request_id"}}. A code
 * of OpenAI's vocabulary that says more than the type goes along as {@code details.error_code}. Source: Anthropic API
 * reference, Errors, read 2026-11-21. Stateless and thread-safe.
 */
public final class MessagesErrors {
    private static final String TOO_LONG = "prompt is too long";

    private MessagesErrors() {}

    /** UTF-8 JSON: the body of an error answer. */
    public static byte[] body(GatewayException error, @Nullable String requestId) {
        ByteSink out = new ByteSink(256);
        object(error, requestId, out);
        return out.toByteArray();
    }

    /** One SSE record, for a stream that has begun. Nothing may follow. */
    public static byte[] record(GatewayException error) {
        ByteSink out = new ByteSink(256);
        record(error, out);
        return out.toByteArray();
    }

    /** Appends that record. */
    public static void record(GatewayException error, ByteSink out) {
        out.write("event: error\ndata: ".getBytes(StandardCharsets.US_ASCII));
        object(error, null, out);
        out.write("\n\n");
    }

    private static void object(GatewayException error, @Nullable String requestId, ByteSink out) {
        JsonWriter json = new JsonWriter(out);
        json.object().field("type", "error").name("error").object();
        json.field("type", type(error)).field("message", message(error));
        String code = error.code();
        if (code != null) {
            json.name("details").object().field("error_code", code).endObject();
        }
        json.endObject().fieldIfAny("request_id", requestId).endObject();
    }

    private static String type(GatewayException error) {
        if (error instanceof BudgetExceeded) {
            return "billing_error";
        }
        return switch (error.status()) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> error.status() >= 500 ? "api_error" : "invalid_request_error";
        };
    }

    private static String message(GatewayException error) {
        String text = error.text();
        // Coding agents shorten the conversation when they read these words, whoever has said that it does not fit.
        if (error instanceof ContextTooLong && !text.contains(TOO_LONG)) {
            return TOO_LONG + ": " + text;
        }
        String param = error.param();
        return param == null || text.contains(param) ? text : param + ": " + text;
    }
}
