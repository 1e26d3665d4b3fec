package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data of one event, in whatever order its fields stand. Nine in ten are a piece of text, so nothing else is made for
 * those than that text.
 */
final class AnthropicEvent {
    private static final Set<String> IN_EVERY_MESSAGE =
            Set.of("type", "role", "content", "stop_reason", "stop_sequence");

    /** Empty: the data has none. */
    private String type = "";

    private String deltaType = "";

    /** Of a delta: text, thought, signature or a piece of JSON. */
    private String text = "";

    private String messageId = "";
    private String messageModel = "";
    private @Nullable JsonNode citation;
    private @Nullable AnthropicBlock block;
    private @Nullable String stopReason;
    private @Nullable String stopSequence;
    private @Nullable String explanation;
    private @Nullable JsonNode error;

    /** What stands beside the reason of the end, or in the message that begins, and has no other place. */
    private @Nullable ObjectNode others;

    private AnthropicEvent() {}

    /**
     * @param usage gathers what the event tells of it
     * @return null when the data is no JSON object
     */
    static @Nullable AnthropicEvent read(byte[] data, int offset, int length, AnthropicUsage usage) {
        AnthropicEvent event = new AnthropicEvent();
        byte[] json = offset == 0 ? data : Arrays.copyOfRange(data, offset, offset + length);
        try (JsonParser parser = Json.FACTORY.createParser(json, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            event.fields(json, parser, usage);
            return event;
        } catch (IOException notJson) {
            return null;
        }
    }

    private void fields(byte[] json, JsonParser parser, AnthropicUsage usage) throws IOException {
        JsonToken token = parser.nextToken();
        while (token == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            switch (name) {
                case "type" -> type = parser.getValueAsString("");
                case "delta" -> {
                    if (object) {
                        delta(parser);
                    }
                }
                case "content_block" -> {
                    if (object) {
                        block = AnthropicBlock.read(json, parser);
                    }
                }
                case "message" -> {
                    if (object) {
                        message(parser, usage);
                    }
                }
                case "usage" -> {
                    if (object) {
                        usage.read(parser);
                    }
                }
                case "error" -> error = parser.currentToken() == JsonToken.VALUE_NULL ? null : Json.tree(parser);
                case "index" -> {}
                default -> other(name, parser);
            }
            parser.skipChildren();
            token = parser.nextToken();
        }
        if (token != JsonToken.END_OBJECT) {
            throw new IOException("not an object");
        }
    }

    private void delta(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "type" -> deltaType = parser.getValueAsString("");
                case "text", "partial_json", "thinking", "signature" -> text = parser.getValueAsString("");
                case "citation" -> citation = Json.tree(parser);
                case "stop_reason" -> stopReason = parser.getValueAsString();
                case "stop_sequence" -> stopSequence = parser.getValueAsString();
                case "stop_details" -> {
                    JsonNode details = Json.tree(parser);
                    explanation = details.path("explanation").textValue();
                    others = Json.with(others, name, details);
                }
                default -> other(name, parser);
            }
        }
    }

    private void message(JsonParser parser, AnthropicUsage usage) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("id")) {
                messageId = parser.getValueAsString("");
            } else if (name.equals("model")) {
                messageModel = parser.getValueAsString("");
                parser.skipChildren();
            } else if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                usage.read(parser);
            } else if (IN_EVERY_MESSAGE.contains(name)) {
                parser.skipChildren();
            } else {
                other(name, parser);
            }
        }
    }

    private void other(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
            others = Json.with(others, name, Json.tree(parser));
        }
    }

    /** Fields that have no other place; null: none. */
    @Nullable
    JsonNode others() {
        return others;
    }

    String type() {
        return type;
    }

    String deltaType() {
        return deltaType;
    }

    String text() {
        return text;
    }

    String messageId() {
        return messageId;
    }

    /** As Anthropic names it; empty: it does not. */
    String messageModel() {
        return messageModel;
    }

    @Nullable
    JsonNode citation() {
        return citation;
    }

    @Nullable
    AnthropicBlock block() {
        return block;
    }

    @Nullable
    String stopReason() {
        return stopReason;
    }

    @Nullable
    String stopSequence() {
        return stopSequence;
    }

    @Nullable
    String explanation() {
        return explanation;
    }

    @Nullable
    JsonNode error() {
        return error;
    }
}
