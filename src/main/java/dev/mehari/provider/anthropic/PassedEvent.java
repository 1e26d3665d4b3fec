package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.provider.Ask;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One event of a stream, scanned but not taken apart. Immutable once read. */
final class PassedEvent {
    private final byte[] json;
    private String type = "";
    private boolean commits;
    private boolean tellsUsage;
    private @Nullable String messageId;
    private @Nullable String model;
    private @Nullable FinishReason finish;
    private @Nullable JsonNode error;

    private PassedEvent(byte[] json) {
        this.json = json;
    }

    /**
     * @param usage gathers what the event tells of it
     * @return null when the data is no JSON object
     */
    static @Nullable PassedEvent read(byte[] json, AnthropicUsage usage) {
        PassedEvent event = new PassedEvent(json);
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            event.fields(parser, usage);
            return parser.nextToken() == null ? event : null;
        } catch (IOException notJson) {
            return null;
        }
    }

    private void fields(JsonParser parser, AnthropicUsage usage) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            switch (name) {
                case "type" -> type = parser.getValueAsString("");
                case "error" -> error = object ? Json.tree(parser) : error;
                case "usage" -> usage(object, parser, usage);
                case "message" -> {
                    if (object) {
                        message(parser, usage);
                    }
                }
                case "delta" -> {
                    if (object) {
                        delta(parser);
                    }
                }
                case "content_block" -> {
                    if (object) {
                        block(parser);
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void usage(boolean object, JsonParser parser, AnthropicUsage usage) throws IOException {
        if (object) {
            usage.read(parser);
            tellsUsage = true;
        }
    }

    private void message(JsonParser parser, AnthropicUsage usage) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("usage")) {
                usage(token == JsonToken.START_OBJECT, parser, usage);
            } else if (name.equals("id") && token == JsonToken.VALUE_STRING) {
                messageId = parser.getText();
            } else if (name.equals("model") && token == JsonToken.VALUE_STRING) {
                model = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Text, a thought, a signature, a piece of JSON: whatever its kind, if there is any of it. Or the reason to stop. */
    private void delta(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("stop_reason") && token == JsonToken.VALUE_STRING) {
                commits = true;
                finish = finish(parser.getText());
            } else if (token == JsonToken.VALUE_STRING && !name.equals("type") && !name.equals("stop_sequence")) {
                commits |= parser.getTextLength() > 0;
            } else {
                parser.skipChildren();
            }
        }
    }

    static FinishReason finish(String reason) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.STOP;
        };
    }

    /** A text or thinking block is empty as it begins; any other says something by being there. */
    private void block(JsonParser parser) throws IOException {
        boolean growing = false;
        boolean filled = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("type") && token == JsonToken.VALUE_STRING) {
                growing = parser.getText().equals("text") || parser.getText().equals("thinking");
            } else if (token == JsonToken.VALUE_STRING) {
                filled |= parser.getTextLength() > 0;
            } else {
                parser.skipChildren();
            }
        }
        commits = !growing || filled;
    }

    byte[] json() {
        return json;
    }

    /** Empty: the data has none. */
    String type() {
        return type;
    }

    boolean commits() {
        return commits;
    }

    boolean tellsUsage() {
        return tellsUsage;
    }

    @Nullable
    FinishReason finish() {
        return finish;
    }

    /** What the message calls itself; null: the event holds none. */
    @Nullable
    AnswerNames names() {
        return AnswerNames.of(messageId, model);
    }

    @Nullable
    JsonNode error() {
        return error;
    }

    /** The bytes of a {@code message_start} with the model as the client knows it. */
    byte[] withModel(Ask ask) {
        return PassedAnswer.withModel(json, "message", ask);
    }
}
