package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.Sha256;
import dev.mehari.config.Quirks;
import dev.mehari.config.Quirks.ReasoningHistory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes inside messages and tools for providers that are stricter than OpenAI. Only for those: all others get the
 * client's bytes.
 */
final class OpenAiMessages {
    private static final String LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final List<String> REASONING =
            List.of("reasoning_content", "reasoning", "reasoning_details", "thinking_blocks");

    private OpenAiMessages() {}

    /**
     * @param schema to be asked for in words, in a system message of its own
     * @param dropped gets the names of fields that are left out
     * @throws InvalidRequest an image must be fetched and the provider does not fetch
     */
    static JsonNode messages(JsonNode messages, Quirks quirks, @Nullable JsonNode schema, List<String> dropped) {
        ArrayNode edited = Json.MAPPER.createArrayNode();
        if (schema != null) {
            edited.addObject()
                    .put("role", "system")
                    .put(
                            "content",
                            "Answer with one JSON value that conforms to this JSON schema: " + Json.text(schema));
        }
        for (int i = 0; i < messages.size(); i++) {
            ObjectNode message = (ObjectNode) messages.get(i);
            editMessage(message, quirks, dropped);
            if (!quirks.remoteImages()) {
                refuseRemoteImages(message.path("content"), "messages[" + i + "].content");
            }
            edited.add(message);
        }
        return edited;
    }

    private static void editMessage(ObjectNode message, Quirks quirks, List<String> dropped) {
        String role = message.path("role").asText();
        if (role.equals("developer") && !quirks.developerRole()) {
            message.put("role", "system");
        }
        if (!quirks.messageNames()) {
            leaveOut(message, "name", dropped);
        }
        if (role.equals("assistant")) {
            editReasoning(message, quirks.reasoningHistory(), dropped);
        }
        if (!quirks.messageFields().isEmpty()) {
            List<String> unknown = new ArrayList<>();
            message.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(quirks.messageFields());
            unknown.forEach(field -> leaveOut(message, field, dropped));
        }
        if (quirks.toolIdLength() > 0) {
            editToolIds(message, quirks.toolIdLength());
        }
    }

    /** What asks for nothing, such as null or an empty list, is not worth telling. */
    private static void leaveOut(ObjectNode message, String field, List<String> dropped) {
        JsonNode value = message.remove(field);
        String title = "messages[]." + field;
        boolean asked = value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty());
        if (asked && !dropped.contains(title)) {
            dropped.add(title);
        }
    }

    private static void editReasoning(ObjectNode message, ReasoningHistory history, List<String> dropped) {
        JsonNode reasoning =
                message.hasNonNull("reasoning_content") ? message.path("reasoning_content") : message.path("reasoning");
        switch (history) {
            case KEEP -> {}
            case DROP -> REASONING.forEach(field -> leaveOut(message, field, dropped));
            case REQUIRED -> {
                message.remove("reasoning");
                message.put("reasoning_content", reasoning.asText(""));
            }
            case AS_REASONING -> {
                message.remove("reasoning_content");
                if (reasoning.isTextual()) {
                    message.set("reasoning", reasoning);
                }
            }
        }
    }

    private static void editToolIds(ObjectNode message, int length) {
        for (JsonNode call : message.path("tool_calls")) {
            if (call instanceof ObjectNode object && object.path("id").isTextual()) {
                object.put("id", toolId(object.path("id").asText(), length));
            }
        }
        if (message.path("tool_call_id").isTextual()) {
            message.put("tool_call_id", toolId(message.path("tool_call_id").asText(), length));
        }
    }

    /** The same id always becomes the same, so that call and result still meet; a fitting one stays as it is. */
    static String toolId(String id, int length) {
        boolean fits = id.length() == length && id.chars().allMatch(c -> LETTERS_AND_DIGITS.indexOf(c) >= 0);
        if (fits) {
            return id;
        }
        byte[] hash = Sha256.of(id);
        StringBuilder short_ = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            short_.append(LETTERS_AND_DIGITS.charAt((hash[i % hash.length] & 0xFF) % LETTERS_AND_DIGITS.length()));
        }
        return short_.toString();
    }

    private static void refuseRemoteImages(JsonNode content, String path) {
        for (int i = 0; i < content.size(); i++) {
            JsonNode image = content.path(i).path("image_url");
            String url = image.isTextual() ? image.asText() : image.path("url").asText();
            if (url.regionMatches(true, 0, "http", 0, 4)) {
                String param = path + "[" + i + "].image_url.url";
                throw new InvalidRequest(
                        "unsupported_value",
                        param,
                        param + " must be a data: URL: this provider does not fetch images");
            }
        }
    }

    /** @param dropped gets the names of fields that are left out */
    static JsonNode tools(JsonNode tools, Quirks quirks, List<String> dropped) {
        if (!quirks.strictTools()) {
            for (JsonNode tool : tools) {
                if (tool.path("function") instanceof ObjectNode function) {
                    JsonNode strict = function.remove("strict");
                    if (strict != null && strict.asBoolean() && !dropped.contains("tools[].strict")) {
                        dropped.add("tools[].strict");
                    }
                }
            }
        }
        return tools;
    }
}
