package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Json;
import org.jspecify.annotations.Nullable;

/**
 * A block of the model's reasoning. Its text goes out as summary, which is what clients show; what a provider wants back
 * unchanged is in {@code encrypted_content}.
 */
final class ReasoningItem extends OutputItem {
    private final StringBuilder text = new StringBuilder();
    private boolean hasPart;
    private @Nullable String sealed;

    ReasoningItem(EventWriter events, int index) {
        super(events, Ids.random("rs_", 40), index);
    }

    void text(String delta, ByteSink out) {
        if (!hasPart) {
            hasPart = true;
            partEvent("response.reasoning_summary_part.added", out)
                    .write(",\"part\":{\"type\":\"summary_text\",\"text\":\"\"}");
            events.end(out);
        }
        text.append(delta);
        Json.quote(
                delta, partEvent("response.reasoning_summary_text.delta", out).write(",\"delta\":"));
        events.end(out);
    }

    String text() {
        return text.toString();
    }

    boolean isSealed() {
        return sealed != null;
    }

    /** @param envelope what to send back, as {@link ReasoningEnvelope} writes it */
    void seal(String envelope) {
        sealed = envelope;
    }

    @Override
    void closeParts(Status status, ByteSink out) {
        if (!hasPart) {
            return;
        }
        Json.quote(
                text(), partEvent("response.reasoning_summary_text.done", out).write(",\"text\":"));
        events.end(out);
        Json.quote(
                        text(),
                        partEvent("response.reasoning_summary_part.done", out)
                                .write(",\"part\":{\"type\":\"summary_text\",\"text\":"))
                .write('}');
        events.end(out);
    }

    private ByteSink partEvent(String type, ByteSink out) {
        return event(type, out).write(",\"summary_index\":0");
    }

    @Override
    void write(Status status, ByteSink out) {
        Json.quote(id, out.write("{\"id\":")).write(",\"type\":\"reasoning\",\"summary\":[");
        if (hasPart) {
            Json.quote(text(), out.write("{\"type\":\"summary_text\",\"text\":"))
                    .write('}');
        }
        out.write(']');
        if (sealed != null) {
            Json.quote(sealed, out.write(",\"encrypted_content\":"));
        }
        out.write(",\"status\":\"").write(status.wire()).write("\"}");
    }
}
