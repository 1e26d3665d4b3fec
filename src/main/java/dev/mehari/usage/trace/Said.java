package dev.mehari.usage.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What was said, in the form that OpenTelemetry's conventions have for it whatever API it was said in:
 * {@code [{"role","parts":[{"type":"text","content"}, …]}]}. Media are told by their kind and size. Stateless.
 */
final class Said {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Said() {}

    /** The messages of a request; of one for embeddings, its texts. */
    static ArrayNode input(JsonNode request) {
        ArrayNode messages = JSON.arrayNode();
        JsonNode turns = request.has("messages") ? request.path("messages") : request.path("input");
        if (turns.isTextual()) {
            messages.add(message("user", text(turns.asText())));
        }
        for (JsonNode turn : turns.isArray() ? turns : JSON.arrayNode()) {
            messages.add(turn.isTextual() ? message("user", text(turn.asText())) : turn(turn));
        }
        return messages;
    }

    /** What a request says before its messages: Anthropic's {@code system}, or {@code instructions}; null: nothing. */
    static @Nullable ArrayNode instructions(JsonNode request) {
        ArrayNode parts = JSON.arrayNode();
        content(request.has("system") ? request.path("system") : request.path("instructions"), parts);
        return parts.isEmpty() ? null : parts;
    }

    /** The messages of a whole answer. */
    static ArrayNode output(JsonNode answer) {
        ArrayNode messages = JSON.arrayNode();
        for (JsonNode choice : answer.path("choices")) {
            ObjectNode message = turn(choice.path("message"));
            messages.add(ended(message, choice.path("finish_reason")));
        }
        if (answer.path("content").isArray()) {
            messages.add(ended(turn(answer), answer.path("stop_reason")));
        }
        for (JsonNode item : answer.path("output")) {
            messages.add(ended(turn(item), answer.path("status")));
        }
        return messages;
    }

    private static ObjectNode ended(ObjectNode message, JsonNode reason) {
        return reason.isTextual() ? message.put("finish_reason", reason.asText()) : message;
    }

    private static ObjectNode message(String role, ObjectNode... parts) {
        ObjectNode message = JSON.objectNode().put("role", role);
        ArrayNode all = message.putArray("parts");
        for (ObjectNode part : parts) {
            all.add(part);
        }
        return message;
    }

    private static ObjectNode text(String text) {
        return JSON.objectNode().put("type", "text").put("content", text);
    }

    /** A message of any API, or an item of the Responses API. */
    private static ObjectNode turn(JsonNode turn) {
        ObjectNode message = message(role(turn));
        ArrayNode parts = (ArrayNode) message.get("parts");
        String reasoning =
                turn.path("reasoning_content").asText(turn.path("reasoning").asText(""));
        if (!reasoning.isEmpty()) {
            parts.addObject().put("type", "reasoning").put("content", reasoning);
        }
        if (turn.path("role").asText().equals("tool")) {
            result(turn.path("tool_call_id"), turn.path("content"), parts);
            return message;
        }
        if (turn.has("type") && !turn.path("type").asText().equals("message")) {
            part(turn, parts);
            return message;
        }
        content(turn.path("content"), parts);
        if (turn.path("refusal").isTextual()) {
            parts.add(text(turn.path("refusal").asText()));
        }
        for (JsonNode call : turn.path("tool_calls")) {
            JsonNode function = call.has("custom") ? call.path("custom") : call.path("function");
            JsonNode arguments = function.has("input") ? function.path("input") : function.path("arguments");
            call(call.path("id"), function.path("name"), arguments, parts);
        }
        return message;
    }

    private static String role(JsonNode turn) {
        return switch (turn.path("type").asText()) {
            case "function_call_output", "custom_tool_call_output" -> "tool";
            case "function_call", "custom_tool_call", "reasoning" -> "assistant";
            default -> turn.path("role").asText("assistant");
        };
    }

    private static void content(JsonNode content, ArrayNode parts) {
        if (content.isTextual()) {
            parts.add(text(content.asText()));
        }
        for (JsonNode part : content.isArray() ? content : JSON.arrayNode()) {
            part(part, parts);
        }
    }

    private static void part(JsonNode part, ArrayNode parts) {
        switch (part.path("type").asText()) {
            case "text", "input_text", "output_text" ->
                parts.add(text(part.path("text").asText()));
            case "refusal" -> parts.add(text(part.path("refusal").asText()));
            case "thinking" -> reasoning(part.path("thinking").asText(), parts);
            case "reasoning" -> {
                part.path("summary").forEach(each -> reasoning(each.path("text").asText(), parts));
                part.path("content").forEach(each -> reasoning(each.path("text").asText(), parts));
            }
            case "tool_use" -> call(part.path("id"), part.path("name"), part.path("input"), parts);
            case "function_call" -> call(part.path("call_id"), part.path("name"), part.path("arguments"), parts);
            case "custom_tool_call" -> call(part.path("call_id"), part.path("name"), part.path("input"), parts);
            case "tool_result" -> result(part.path("tool_use_id"), part.path("content"), parts);
            case "function_call_output", "custom_tool_call_output" ->
                result(part.path("call_id"), part.path("output"), parts);
            default -> media(part, parts);
        }
    }

    private static void reasoning(String text, ArrayNode parts) {
        parts.addObject().put("type", "reasoning").put("content", text);
    }

    private static void call(JsonNode id, JsonNode name, JsonNode arguments, ArrayNode parts) {
        parts.addObject()
                .put("type", "tool_call")
                .put("id", id.asText())
                .put("name", name.asText())
                .set("arguments", arguments);
    }

    private static void result(JsonNode id, JsonNode content, ArrayNode parts) {
        ObjectNode result = parts.addObject().put("type", "tool_call_response").put("id", id.asText());
        if (content.isArray()) {
            content(content, result.putArray("response"));
        } else {
            result.set("response", content);
        }
    }

    /** By address where it has one; what was sent along would make a trace as large as the file. */
    private static void media(JsonNode part, ArrayNode parts) {
        String type = part.path("type").asText("unknown");
        String address = part.path("image_url").isObject()
                ? part.path("image_url").path("url").asText()
                : part.path("image_url").asText(part.path("source").path("url").asText());
        ObjectNode told = parts.addObject();
        if (address.startsWith("http")) {
            told.put("type", "uri").put("modality", type).put("uri", address);
        } else {
            told.put("type", "blob")
                    .put("modality", type)
                    .put("content", "(" + part.toString().length() + " characters left out)");
        }
    }
}
