package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer as it came, with the time of each of its pieces. Immutable. */
final class Answer {
    private static final int EXCERPT = 300;

    /**
     * What one read brought.
     *
     * @param nanos when, by {@link System#nanoTime}
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares pieces.
    record Piece(long nanos, byte[] bytes) {}

    private final int status;
    private final Map<String, String> headers;
    private final List<Piece> pieces;
    private final long sentNanos;
    private final @Nullable String failure;
    private final byte[] body;

    /**
     * @param status 0: there was no answer
     * @param headers their names in lower case
     * @param sentNanos when the request was sent
     * @param failure why it did not come to its end; null: it did
     */
    Answer(int status, Map<String, String> headers, List<Piece> pieces, long sentNanos, @Nullable String failure) {
        this.status = status;
        this.headers = headers;
        this.pieces = pieces;
        this.sentNanos = sentNanos;
        this.failure = failure;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(piece -> all.writeBytes(piece.bytes()));
        this.body = all.toByteArray();
    }

    int status() {
        return status;
    }

    boolean ok() {
        return status == 200 && failure == null;
    }

    /** Empty when it is not there. */
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The media type without its parameters, in lower case; empty when there is none. */
    String type() {
        String type = header("content-type").toLowerCase(Locale.ROOT);
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip();
    }

    List<Piece> pieces() {
        return pieces;
    }

    long sentNanos() {
        return sentNanos;
    }

    @Nullable
    String failure() {
        return failure;
    }

    byte[] body() {
        return body;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as a tree; a missing node when it is no JSON. */
    JsonNode json() {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException notJson) {
            return Json.MAPPER.missingNode();
        }
    }

    /** What to show of it: the status, the type and how the body begins, or why there is none. */
    String excerpt() {
        if (status == 0) {
            return String.valueOf(failure);
        }
        String head = "HTTP " + status + " " + (type().isEmpty() ? "without content-type" : type());
        return head + ": " + cut(text()) + (failure == null ? "" : " … " + failure);
    }

    /** The beginning of a text, on one line. */
    static String cut(String text) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", "⏎");
        return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
    }
}
