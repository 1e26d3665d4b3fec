package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings answers of hosts that are only nearly compatible into the shape that OpenAI's clients know: content as text,
 * reasoning apart, tool calls with index and arguments as text, known finish reasons. Works on a tree, and only on
 * objects that {@link OpenAiChoices} found odd. One instance a stream or answer: it remembers tool calls by id.
 */
final class OpenAiRepair {
    private final Map<String, Integer> toolIndexes = new HashMap<>();
    private final Map<Integer, Integer> nextToolIndex = new HashMap<>();

    /** @param json one answer or chunk; the same, repaired, comes back */
    byte[] repair(byte[] json) {
        JsonNode root = Json.tree(json);
        int position = 0;
        for (JsonNode node : root.path("choices")) {
            if (node instanceof ObjectNode choice) {
                int index = OpenAiChoices.index(choice, position);
                choice.put("index", index);
                repairChoice(choice, index);
            }
            position++;
        }
        return Json.bytes(root);
    }

    /** The same chunk, with no choice ending in it. */
    byte[] withoutFinish(byte[] json) {
        JsonNode root = Json.tree(json);
        for (JsonNode node : root.path("choices")) {
            if (node instanceof ObjectNode choice) {
                choice.putNull("finish_reason");
            }
        }
        return Json.bytes(root);
    }

    /** The same answer or chunk; choices with calls that say they just stopped say that they called. */
    byte[] endedByCalls(byte[] json, BitSet called) {
        JsonNode root = Json.tree(json);
        int position = 0;
        for (JsonNode node : root.path("choices")) {
            if (node instanceof ObjectNode choice
                    && called.get(OpenAiChoices.index(choice, position))
                    && choice.path("finish_reason").asText().equals(FinishReason.STOP.wire())) {
                choice.put("finish_reason", FinishReason.TOOL_CALLS.wire());
            }
            position++;
        }
        return Json.bytes(root);
    }

    private void repairChoice(ObjectNode choice, int index) {
        if (choice.path("finish_reason").isTextual()) {
            choice.put(
                    "finish_reason",
                    finish(choice.path("finish_reason").asText()).wire());
        }
        if (!choice.has("message") && !choice.path("delta").isObject()) {
            // Azure's asynchronous filter ends a choice without a delta, which clients read all the same.
            choice.putObject("delta");
        }
        if (choice.path("delta") instanceof ObjectNode delta) {
            if (!choice.has("finish_reason")) {
                choice.putNull("finish_reason");
            }
            joinContent(delta);
            repairCalls(delta, index, false);
        }
        if (choice.path("message") instanceof ObjectNode message) {
            joinContent(message);
            repairCalls(message, index, true);
            if (!message.has("content")) {
                message.putNull("content");
            }
        }
    }

    /** Mistral: {@code [{"type":"thinking","thinking":[{"type":"text",…}]},{"type":"text",…}]}. */
    private static void joinContent(ObjectNode message) {
        if (!message.path("content").isArray()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        for (JsonNode part : message.path("content")) {
            text.append(part.path("text").asText());
            for (JsonNode thought : part.path("thinking")) {
                reasoning.append(thought.path("text").asText());
            }
        }
        message.put("content", text.toString());
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
    }

    private void repairCalls(ObjectNode message, int choice, boolean whole) {
        if (message.path("tool_calls").isArray() && message.path("tool_calls").isEmpty()) {
            message.remove("tool_calls");
        }
        int position = 0;
        for (JsonNode node : message.path("tool_calls")) {
            if (!(node instanceof ObjectNode call)) {
                continue;
            }
            String id = call.path("id").asText();
            if (id.equals("null") || (whole && id.isEmpty())) {
                id = "call_" + choice + "_" + position;
                call.put("id", id);
            }
            if (call.path("function") instanceof ObjectNode function) {
                if (!id.isEmpty() && !call.hasNonNull("type")) {
                    call.put("type", "function");
                }
                repairArguments(function, whole);
            }
            if (!whole && !call.path("index").isInt()) {
                call.put("index", indexOf(choice, id));
            }
            position++;
        }
    }

    private static void repairArguments(ObjectNode function, boolean whole) {
        JsonNode arguments = function.path("arguments");
        if (arguments.isObject()) {
            function.put("arguments", Json.text(arguments));
        } else if (whole && arguments.asText("").isEmpty()) {
            function.put("arguments", "{}");
        }
    }

    /** A new id is the next call; no id goes on with the last one. */
    private int indexOf(int choice, String id) {
        int next = nextToolIndex.getOrDefault(choice, 0);
        if (id.isEmpty()) {
            return Math.max(0, next - 1);
        }
        return toolIndexes.computeIfAbsent(choice + "/" + id, fresh -> {
            nextToolIndex.put(choice, next + 1);
            return next;
        });
    }

    /** OpenAI's word for another host's. */
    static FinishReason finish(String reason) {
        return switch (reason) {
            case "length", "model_length", "max_tokens" -> FinishReason.LENGTH;
            case "tool_calls", "tool_use" -> FinishReason.TOOL_CALLS;
            case "content_filter", "safety" -> FinishReason.CONTENT_FILTER;
            case "function_call" -> FinishReason.FUNCTION_CALL;
            default -> FinishReason.STOP;
        };
    }
}
