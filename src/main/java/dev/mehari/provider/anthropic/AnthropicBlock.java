package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One content block of an answer, or the beginning of one in a stream.
 *
 * @param input of a tool call: compact JSON, its numbers and the order of its keys as they came; null when there is none
 * @param caller of a tool: who called it, the model itself or code that it wrote
 * @param whole the block as it came, where it is of no kind that is taken apart
 */
record AnthropicBlock(
        String type,
        String id,
        String name,
        String text,
        String signature,
        List<JsonNode> citations,
        @Nullable String input,
        @Nullable JsonNode caller,
        @Nullable ObjectNode whole) {

    /**
     * @param bytes that the parser reads, from their beginning
     * @param parser on the block's first token; it is read to its last
     */
    static AnthropicBlock read(byte[] bytes, JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        String type = "";
        String id = "";
        String name = "";
        String text = "";
        String signature = "";
        String input = null;
        JsonNode caller = null;
        List<JsonNode> citations = new ArrayList<>(0);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                switch (field) {
                    case "type" -> type = parser.getText();
                    case "id" -> id = parser.getText();
                    case "name" -> name = parser.getText();
                    case "text", "thinking", "data" -> text = parser.getText();
                    case "signature" -> signature = parser.getText();
                    default -> {}
                }
            } else if (token == JsonToken.START_ARRAY && field.equals("citations")) {
                Json.tree(parser).forEach(citations::add);
            } else if (token == JsonToken.START_OBJECT && field.equals("input")) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                input = Json.compact(bytes, from, (int) parser.currentLocation().getByteOffset());
            } else if (token == JsonToken.START_OBJECT && field.equals("caller")) {
                caller = Json.tree(parser);
            } else {
                parser.skipChildren();
            }
        }
        int end = (int) parser.currentLocation().getByteOffset();
        return new AnthropicBlock(
                type,
                id,
                name,
                text,
                signature,
                citations,
                input,
                caller,
                isKnown(type) ? null : tree(bytes, start, end));
    }

    private static boolean isKnown(String type) {
        return switch (type) {
            case "text", "tool_use", "thinking", "redacted_thinking" -> true;
            default -> false;
        };
    }

    private static ObjectNode tree(byte[] bytes, int start, int end) throws IOException {
        return (ObjectNode) Json.MAPPER.readTree(bytes, start, end - start);
    }

    /** Whether its input holds anything: in a stream a call begins with {@code {}} as a mere placeholder. */
    boolean hasInput() {
        return input != null && !input.equals("{}");
    }
}
