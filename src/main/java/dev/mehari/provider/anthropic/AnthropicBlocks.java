package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.CacheMark;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolNames;
import dev.mehari.provider.anthropic.AnthropicTurn.Placed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes content blocks. One instance a request: it counts the marks of the prompt cache. */
final class AnthropicBlocks {
    /** Anthropic answers 400 to more. */
    private static final int MOST_MARKS = 4;

    private final JsonWriter out;
    private final AnthropicMedia media;
    private final String provider;
    private final List<String> dropped;
    private int marks;

    /** @param dropped gets the fields that are left out */
    AnthropicBlocks(JsonWriter out, String provider, List<String> dropped) {
        this.out = out;
        this.media = new AnthropicMedia(out, provider);
        this.provider = provider;
        this.dropped = dropped;
    }

    /**
     * One block.
     *
     * @throws InvalidRequest Claude cannot take it
     */
    void block(Placed placed) {
        switch (placed.part()) {
            case ContentPart.Text text -> text(text.text(), text.cache());
            case ContentPart.Image image -> {
                out.object().field("type", "image");
                media.image(image, placed.path());
                cache(image.cache());
                out.endObject();
            }
            case ContentPart.Document document -> document(document, placed.path());
            case ContentPart.Opaque block -> opaque(block, placed.path());
            case ContentPart.Audio audio ->
                throw new InvalidRequest(
                        "unsupported_value",
                        placed.path(),
                        placed.path() + " is audio, which provider \"" + provider + "\" does not take");
            case AssistantPart.Refusal refusal -> text(refusal.text(), null);
            case AssistantPart.Reasoning thought ->
                out.object()
                        .field("type", "thinking")
                        .field("thinking", thought.text())
                        .field("signature", thought.signature() == null ? "" : thought.signature())
                        .endObject();
            case AssistantPart.RedactedReasoning thought ->
                out.object()
                        .field("type", "redacted_thinking")
                        .field("data", thought.data())
                        .endObject();
            case ToolCall call -> throw new IllegalStateException("a call is written by its turn");
        }
    }

    void text(String text, @Nullable CacheMark cache) {
        out.object().field("type", "text").field("text", text);
        cache(cache);
        out.endObject();
    }

    private void document(ContentPart.Document document, String path) {
        out.object().field("type", "document");
        media.document(document, path);
        if (document.name() != null) {
            out.field("title", document.name());
        }
        for (String own : List.of("context", "citations")) {
            JsonNode value = document.extras().get(own);
            if (value != null) {
                out.name(own).raw(Json.bytes(value));
            }
        }
        cache(document.cache());
        out.endObject();
    }

    private void opaque(ContentPart.Opaque block, String path) {
        if (!block.protocol().equals("anthropic")) {
            throw new InvalidRequest(
                    "unsupported_value",
                    path,
                    path + " is of " + block.protocol() + "'s own, which provider \"" + provider + "\" does not take");
        }
        out.raw(Json.bytes(block.block()));
    }

    void call(AnthropicTurn.Call placed) {
        ToolCall call = placed.call();
        out.object()
                .field("type", "tool_use")
                .field("id", placed.id())
                .field("name", ToolNames.fitting(call.name()))
                .name("input");
        if (call.custom()) {
            out.object().field(AnthropicToolWriter.FREE_TEXT, call.arguments()).endObject();
        } else if (Json.isObject(call.arguments())) {
            out.raw(call.arguments());
        } else {
            // Anthropic: tool_use.input must be an object. What the model once said is kept for it to see.
            out.object().field("_raw", call.arguments()).endObject();
        }
        out.endObject();
    }

    /** A tool's result. The mark of one of its parts is its own: inside there is no place for one. */
    void result(AnthropicTurn.Result placed) {
        Message.ToolResult result = placed.result();
        out.object().field("type", "tool_result").field("tool_use_id", placed.id());
        List<ContentPart> content = result.content().stream()
                .filter(part -> !AnthropicTurn.isBlank(part))
                .toList();
        out.name("content");
        if (content.isEmpty()) {
            out.text("");
        } else if (content.size() == 1 && content.getFirst() instanceof ContentPart.Text text) {
            out.text(text.text());
        } else {
            out.list();
            content.forEach(part -> block(new Placed(unmarked(part), placed.path())));
            out.endList();
        }
        if (result.isError()) {
            out.name("is_error").bool(true);
        }
        cache(content.stream()
                .map(ContentPart::cache)
                .filter(mark -> mark != null)
                .findFirst()
                .orElse(null));
        out.endObject();
    }

    private static ContentPart unmarked(ContentPart part) {
        return switch (part) {
            case ContentPart.Text text -> ContentPart.Text.of(text.text());
            case ContentPart.Image image -> new ContentPart.Image(image.source(), image.detail(), null);
            case ContentPart.Document file -> new ContentPart.Document(file.source(), file.name(), null, file.extras());
            case ContentPart.Audio audio -> audio;
            case ContentPart.Opaque block -> block;
        };
    }

    /** Adds {@code cache_control} to the open object, where there is a mark and room for one. */
    void cache(@Nullable CacheMark mark) {
        if (mark == null) {
            return;
        }
        if (++marks > MOST_MARKS) {
            String title = RequestField.CACHE_MARK.title();
            if (!dropped.contains(title)) {
                dropped.add(title);
            }
            return;
        }
        out.name("cache_control").object().field("type", "ephemeral");
        String ttl = mark.ttl();
        if (ttl != null) {
            out.field("ttl", ttl.equals("5m") ? "5m" : "1h");
        }
        out.endObject();
    }
}
