package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings answers of hosts that are only nearly compatible into the shape that OpenAI's clients know: content as text,
 * reasoning apart, tool calls with index and arguments as text, known finish reasons. Works on a tree, and only on
 * objects that {@link OpenAiChoices} found odd. One instance a stream or answer: it remembers the tool calls.
 */
final class OpenAiRepair {
    private final Map<Integer, OpenAiCallOrder> orders = new HashMap<>(2);
    private boolean renumbers;

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
        boolean unfinished = choice.path("finish_reason").asText("x").isEmpty();
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
            if (!choice.has("finish_reason") || unfinished) {
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
            if (node instanceof ObjectNode call && whole) {
                repairCall(call, choice, position);
            } else if (node instanceof ObjectNode piece) {
                repairPiece(piece, choice);
            }
            position++;
        }
    }

    private static void repairCall(ObjectNode call, int choice, int position) {
        if (id(call).isEmpty()) {
            call.put("id", made(choice, position));
        }
        addType(call);
        if (call.path("function") instanceof ObjectNode function) {
            repairArguments(function, true);
        }
    }

    /** Numbers it, and leaves out what the pieces before it have told: clients append it. */
    private void repairPiece(ObjectNode piece, int choice) {
        OpenAiCallOrder order = orders.computeIfAbsent(choice, fresh -> new OpenAiCallOrder());
        @Nullable
        Integer index = piece.path("index").isInt() ? piece.path("index").intValue() : null;
        String id = id(piece);
        @Nullable
        ObjectNode said = piece.path("custom") instanceof ObjectNode custom
                ? custom
                : piece.path("function") instanceof ObjectNode function ? function : null;
        String name = said == null ? "" : said.path("name").asText("");
        OpenAiCallOrder.Call known = order.find(index, id, name);
        OpenAiCallOrder.Call call = known == null ? order.begin(index, id) : known;
        renumbers |= index == null || index != call.ordinal();
        piece.put("index", call.ordinal());
        if (known != null) {
            piece.remove("id");
            if (!piece.path("type").isTextual()) {
                piece.remove("type");
            }
        } else {
            if (id.isEmpty()) {
                piece.put("id", made(choice, call.ordinal()));
            }
            addType(piece);
        }
        if (said != null) {
            if (name.isEmpty() || call.isNamed()) {
                said.remove("name");
            } else {
                call.named();
            }
            repairArguments(said, false);
            call.arguments(said.path("arguments").asText(""));
        }
    }

    /** Empty where there is none; some hosts write the word. */
    private static String id(ObjectNode call) {
        String id = call.path("id").asText("");
        return id.equals("null") ? "" : id;
    }

    private static String made(int choice, int position) {
        return "call_" + choice + "_" + position;
    }

    private static void addType(ObjectNode call) {
        if (!call.hasNonNull("type")) {
            call.put("type", call.has("custom") ? "custom" : "function");
        }
    }

    private static void repairArguments(ObjectNode function, boolean whole) {
        JsonNode arguments = function.path("arguments");
        if (arguments.isObject()) {
            function.put("arguments", Json.text(arguments));
        } else if (whole && arguments.asText("").isEmpty()) {
            function.put("arguments", "{}");
        } else if (arguments.isNull()) {
            function.put("arguments", "");
        }
    }

    /** Whether a chunk that is not odd by itself does not go on from those before it as OpenAI's do. */
    boolean isNeededFor(OpenAiToolCalls pieces) {
        if (pieces.named().isEmpty()) {
            return renumbers && pieces.any();
        }
        Map<Integer, Integer> fresh = new HashMap<>(0);
        for (OpenAiToolCalls.Named piece : pieces.named()) {
            OpenAiCallOrder order = orders.get(piece.choice());
            int begun = (order == null ? 0 : order.size()) + fresh.merge(piece.choice(), 1, Integer::sum) - 1;
            boolean known = order != null && order.find(piece.index(), piece.id(), piece.name()) != null;
            if (known || piece.index() != begun || piece.id().isEmpty()) {
                return true;
            }
        }
        return renumbers;
    }

    /** Takes note of the calls that begin in a chunk which passes as it is. */
    void passes(OpenAiToolCalls pieces) {
        if (pieces.any() && pieces.named().isEmpty()) {
            orders.values().forEach(OpenAiCallOrder::goesOnUnseen);
        }
        for (OpenAiToolCalls.Named piece : pieces.named()) {
            OpenAiCallOrder.Call call = orders.computeIfAbsent(piece.choice(), fresh -> new OpenAiCallOrder())
                    .begin(piece.index(), piece.id());
            if (!piece.name().isEmpty()) {
                call.named();
            }
            call.arguments(piece.arguments());
        }
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
