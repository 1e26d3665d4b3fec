package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.FinishReason;
import java.io.IOException;

/** What is looked at in the items of a response that passes. Stateless and thread-safe. */
final class ResponsesItem {
    private ResponsesItem() {}

    /**
     * Its type; empty when it has none.
     *
     * @param item on its first token; it is read to its last
     */
    static String type(JsonParser item) throws IOException {
        String type = "";
        while (item.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = item.currentName().equals("type");
            item.nextToken();
            if (found) {
                type = item.getValueAsString("");
            }
            item.skipChildren();
        }
        return type;
    }

    /** Whether the client is to call something. */
    static boolean isCall(String type) {
        return type.equals("function_call") || type.equals("custom_tool_call");
    }

    /** @param reason as {@code incomplete_details} has it */
    static FinishReason cutOff(String reason) {
        return reason.equals("content_filter") ? FinishReason.CONTENT_FILTER : FinishReason.LENGTH;
    }
}
