package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One event of a Responses stream, scanned but not taken apart. Immutable once read. */
final class ResponsesEvent {
    /** What announces that something will be said. */
    private static final Set<String> BEGINNINGS = Set.of(
            "response.created",
            "response.in_progress",
            "response.content_part.added",
            "response.reasoning_summary_part.added",
            "keepalive",
            "ping");

    /** Items that are empty as they begin; any other says something by being there. */
    private static final Set<String> GROWING = Set.of("message", "reasoning");

    private final ObjectNode told = Json.MAPPER.createObjectNode();
    private String type = "";
    private String itemType = "";
    private boolean empty;
    private boolean hasResponse;
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable Usage usage;
    private @Nullable Long searches;
    private String incomplete = "";
    private @Nullable JsonNode error;

    private ResponsesEvent() {}

    /** Null when the data is no JSON object. */
    static @Nullable ResponsesEvent read(byte[] json) {
        ResponsesEvent event = new ResponsesEvent();
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            event.fields(parser);
            return parser.nextToken() == null ? event : null;
        } catch (IOException notJson) {
            return null;
        }
    }

    private void fields(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "type" -> type = parser.getValueAsString("");
                case "delta" -> {
                    empty = token == JsonToken.VALUE_STRING && parser.getTextLength() == 0;
                    parser.skipChildren();
                }
                case "error" -> error = token == JsonToken.START_OBJECT ? Json.tree(parser) : error;
                case "code", "message", "param" -> told.put(name, parser.getValueAsString());
                case "item" -> itemType = token == JsonToken.START_OBJECT ? ResponsesItem.type(parser) : "";
                case "response" -> response(token, parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void response(JsonToken token, JsonParser parser) throws IOException {
        hasResponse = token == JsonToken.START_OBJECT;
        while (hasResponse && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING && name.equals("id")) {
                id = parser.getText();
            } else if (value == JsonToken.VALUE_STRING && name.equals("model")) {
                model = parser.getText();
            } else if (value != JsonToken.START_OBJECT) {
                parser.skipChildren();
            } else if (name.equals("usage")) {
                usage = OpenAiUsage.read(parser);
            } else if (name.equals("tool_usage")) {
                searches = OpenAiUsage.searches(parser);
            } else if (name.equals("error")) {
                error = Json.tree(parser);
            } else if (name.equals("incomplete_details")) {
                incomplete = Json.tree(parser).path("reason").asText();
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Empty: the data has none. */
    String type() {
        return type;
    }

    /** Whether it holds a Response object. */
    boolean hasResponse() {
        return hasResponse;
    }

    /** What its Response object calls itself; null: it holds none. */
    @Nullable
    AnswerNames names() {
        return AnswerNames.of(id, model);
    }

    /** Whether the client is to call something. */
    boolean isCall() {
        return ResponsesItem.isCall(itemType);
    }

    boolean commits() {
        if (type.equals("response.output_item.added")) {
            return !GROWING.contains(itemType);
        }
        return !BEGINNINGS.contains(type) && !empty;
    }

    @Nullable
    Usage usage() {
        return usage == null ? null : usage.with(UsageDetail.WEB_SEARCHES, searches);
    }

    /** Of the event that ends the answer in order; null for any other. */
    @Nullable
    FinishReason finish() {
        return switch (type) {
            case "response.completed" -> FinishReason.STOP;
            case "response.incomplete" -> ResponsesItem.cutOff(incomplete);
            default -> null;
        };
    }

    /**
     * What went wrong, in the shape of an error body; null: nothing did.
     *
     * @param named the event's type, or its name where it has none
     */
    @Nullable
    JsonNode failure(String named) {
        boolean failed = named.equals("error") || named.equals("response.failed") || named.isEmpty() && error != null;
        return failed ? Json.MAPPER.createObjectNode().set("error", error == null ? told : error) : null;
    }
}
