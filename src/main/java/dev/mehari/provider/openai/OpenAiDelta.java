package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code delta} of a chunk or {@code message} of an answer: its fields in whatever order, its events in the order in
 * which a model says them: reasoning, text, calls. Used again and again; not thread-safe.
 */
final class OpenAiDelta {
    private String text = "";
    private String refusal = "";
    private String reasoning = "";
    private String otherReasoning = "";
    private final List<OpenAiCallPiece> calls = new ArrayList<>(2);
    private final List<JsonNode> annotations = new ArrayList<>(0);
    private final List<JsonNode> images = new ArrayList<>(0);
    private @Nullable ObjectNode others;

    void clear() {
        text = "";
        refusal = "";
        reasoning = "";
        otherReasoning = "";
        calls.clear();
        annotations.clear();
        images.clear();
        others = null;
    }

    /** @param parser on the object's first token, or on null; read to its last */
    void read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "content" -> text = string(token, parser);
                case "refusal" -> refusal = string(token, parser);
                case "reasoning_content" -> reasoning = string(token, parser);
                // OpenRouter, Groq, Ollama; some say it under both names.
                case "reasoning" -> otherReasoning = string(token, parser);
                case "tool_calls" -> {
                    if (token == JsonToken.START_ARRAY) {
                        calls(parser);
                    }
                }
                case "annotations" -> trees(token, parser, annotations);
                case "images" -> trees(token, parser, images);
                // Sound comes for chat clients only, and with functions of old nobody else asks.
                case "role", "audio", "function_call" -> parser.skipChildren();
                default -> other(name, parser);
            }
        }
    }

    private void other(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
            others = Json.with(others, name, Json.tree(parser));
        }
    }

    /** What a host adds of its own; null: nothing. */
    @Nullable
    ObjectNode others() {
        return others;
    }

    /** Empty for null and for what should be a text and is none. */
    private static String string(JsonToken token, JsonParser parser) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }

    private static void trees(JsonToken token, JsonParser parser, List<JsonNode> into) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                into.add(Json.tree(parser));
            }
        }
    }

    private void calls(JsonParser parser) throws IOException {
        int position = 0;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            calls.add(OpenAiCallPiece.read(parser, position++));
        }
    }

    void emit(int choice, OpenAiCalls open, EventSink sink) {
        String thought = reasoning.isEmpty() ? otherReasoning : reasoning;
        if (!thought.isEmpty()) {
            open.beside(new ChatEvent.ReasoningDelta(choice, thought, null), sink);
        }
        if (!text.isEmpty()) {
            open.beside(new ChatEvent.TextDelta(choice, text), sink);
        }
        if (!refusal.isEmpty()) {
            open.beside(new ChatEvent.RefusalDelta(choice, refusal), sink);
        }
        for (JsonNode note : annotations) {
            open.beside(new ChatEvent.Annotation(choice, note), sink);
        }
        for (JsonNode image : images) {
            ContentPart.Image picture =
                    picture(image.path("image_url").path("url").asText());
            open.beside(new ChatEvent.WholePart(choice, picture), sink);
        }
        for (OpenAiCallPiece piece : calls) {
            open.take(piece, sink);
        }
    }

    private static ContentPart.Image picture(String url) {
        int data = url.indexOf(";base64,");
        MediaSource source = url.startsWith("data:") && data > 0
                ? new MediaSource.Inline(url.substring(5, data), url.substring(data + 8))
                : new MediaSource.Url(url);
        return new ContentPart.Image(source, null, null);
    }
}
