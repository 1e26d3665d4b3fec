package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message of the model's: text and refusals, part after part. */
final class MessageItem extends OutputItem {
    private final List<Part> parts = new ArrayList<>(1);

    /** A text or a refusal; the last of the message may still grow. */
    private static final class Part {
        final boolean refusal;
        final StringBuilder text = new StringBuilder();
        final List<byte[]> annotations = new ArrayList<>(0);
        final List<byte[]> logprobs = new ArrayList<>(0);

        Part(boolean refusal) {
            this.refusal = refusal;
        }

        void write(ByteSink out) {
            if (refusal) {
                Json.quote(text.toString(), out.write("{\"type\":\"refusal\",\"refusal\":"))
                        .write('}');
                return;
            }
            Json.quote(text.toString(), out.write("{\"type\":\"output_text\",\"text\":"));
            list(annotations, out.write(",\"annotations\":"));
            list(logprobs, out.write(",\"logprobs\":"));
            out.write('}');
        }
    }

    MessageItem(EventWriter events, int index) {
        super(events, Ids.random("msg_", 40), index);
    }

    void text(String delta, ByteSink out) {
        grow(false, out).text.append(delta);
        Json.quote(delta, partEvent("response.output_text.delta", out).write(",\"delta\":"));
        out.write(",\"logprobs\":[]");
        events.end(out);
    }

    void refusal(String delta, ByteSink out) {
        grow(true, out).text.append(delta);
        Json.quote(delta, partEvent("response.refusal.delta", out).write(",\"delta\":"));
        events.end(out);
    }

    void annotation(JsonNode annotation, ByteSink out) {
        Part part = grow(false, out);
        byte[] json = Json.bytes(flat(annotation));
        partEvent("response.output_text.annotation.added", out)
                .write(",\"annotation_index\":" + part.annotations.size() + ",\"annotation\":")
                .write(json);
        events.end(out);
        part.annotations.add(json);
    }

    /** They come with the done event: the hub knows no text that goes with each. */
    void logprobs(JsonNode logprobs, ByteSink out) {
        Part part = grow(false, out);
        logprobs.path("content").forEach(token -> part.logprobs.add(Json.bytes(token)));
    }

    /** Chat Completions nests what Responses has flat. */
    private static JsonNode flat(JsonNode annotation) {
        JsonNode nested = annotation.path(annotation.path("type").asText());
        return nested.isObject()
                ? Json.MAPPER
                        .createObjectNode()
                        .put("type", annotation.path("type").asText())
                        .setAll((com.fasterxml.jackson.databind.node.ObjectNode) nested)
                : annotation;
    }

    private Part grow(boolean refusal, ByteSink out) {
        Part open = last();
        if (open != null && open.refusal == refusal) {
            return open;
        }
        closeLast(out);
        Part fresh = new Part(refusal);
        parts.add(fresh);
        partEvent("response.content_part.added", out).write(",\"part\":");
        fresh.write(out);
        events.end(out);
        return fresh;
    }

    private @Nullable Part last() {
        return parts.isEmpty() ? null : parts.getLast();
    }

    private void closeLast(ByteSink out) {
        Part part = last();
        if (part == null) {
            return;
        }
        String text = part.text.toString();
        if (part.refusal) {
            Json.quote(text, partEvent("response.refusal.done", out).write(",\"refusal\":"));
        } else {
            Json.quote(text, partEvent("response.output_text.done", out).write(",\"text\":"));
            list(part.logprobs, out.write(",\"logprobs\":"));
        }
        events.end(out);
        partEvent("response.content_part.done", out).write(",\"part\":");
        part.write(out);
        events.end(out);
    }

    private ByteSink partEvent(String type, ByteSink out) {
        return event(type, out).write(",\"content_index\":").write(Integer.toString(parts.size() - 1));
    }

    @Override
    void closeParts(Status status, ByteSink out) {
        closeLast(out);
    }

    @Override
    void write(Status status, ByteSink out) {
        Json.quote(id, out.write("{\"id\":"));
        out.write(",\"type\":\"message\",\"status\":\"" + status.wire() + "\",\"role\":\"assistant\",\"content\":[");
        for (int i = 0; i < parts.size(); i++) {
            out.write(i == 0 ? "" : ",");
            parts.get(i).write(out);
        }
        out.write("]}");
    }

    private static void list(List<byte[]> items, ByteSink out) {
        out.write('[');
        for (int i = 0; i < items.size(); i++) {
            out.write(i == 0 ? "" : ",").write(items.get(i));
        }
        out.write(']');
    }
}
