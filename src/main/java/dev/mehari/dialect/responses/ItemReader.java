package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the items of a conversation as messages. What the model did in one turn comes as several items (reasoning, a
 * message, calls) and becomes one assistant message, in the same order. One instance a request.
 */
final class ItemReader {
    /** Items of tools that the provider runs itself: they go back to it, and mean nothing to another. */
    private static final Set<String> BUILT_IN = Set.of(
            "web_search_call",
            "file_search_call",
            "computer_call",
            "computer_call_output",
            "image_generation_call",
            "code_interpreter_call",
            "local_shell_call",
            "local_shell_call_output",
            "shell_call",
            "shell_call_output",
            "apply_patch_call",
            "apply_patch_call_output",
            "mcp_list_tools",
            "mcp_approval_request",
            "mcp_approval_response",
            "mcp_call",
            "compaction",
            "tool_search_call",
            "tool_search_output",
            "program",
            "program_output",
            "additional_tools");

    private static final List<String> TYPES = List.of(
            "message",
            "function_call",
            "function_call_output",
            "custom_tool_call",
            "custom_tool_call_output",
            "reasoning",
            "item_reference");
    private static final List<String> ROLES = List.of("user", "assistant", "system", "developer");

    /** {@code status} and {@code id} are what an answer says of itself. */
    private static final Set<String> MESSAGE = Set.of("type", "id", "status", "role", "content");

    private static final Set<String> CALL = Set.of("type", "id", "status", "call_id", "name", "arguments", "input");
    private static final Set<String> RESULT = Set.of("type", "id", "status", "call_id", "output");
    private static final Set<String> REASONING =
            Set.of("type", "id", "status", "summary", "content", "encrypted_content");

    /** Stored items by id, for references. */
    private final Map<String, JsonNode> stored;

    private Leftovers leftovers;
    private ItemPartReader parts;
    private final List<Message> messages = new ArrayList<>();
    private final List<AssistantPart> turn = new ArrayList<>();
    private final Map<String, String> signatures = new HashMap<>();

    /** Where each call without a result stands. */
    private final Map<String, String> open = new LinkedHashMap<>();

    ItemReader(Map<String, JsonNode> stored, Leftovers leftovers) {
        this.stored = stored;
        this.leftovers = leftovers;
        this.parts = new ItemPartReader(leftovers);
    }

    /** From here on, what has no home is noted there. */
    void noteIn(Leftovers others) {
        leftovers = others;
        parts = new ItemPartReader(others);
    }

    /** Reads one item after those before it. */
    void read(Fields item) {
        String type = item.has("type") ? item.needString("type") : "message";
        switch (type) {
            case "message" -> message(item);
            case "function_call" -> call(item, false, "arguments");
            case "custom_tool_call" -> call(item, true, "input");
            case "function_call_output", "custom_tool_call_output" -> result(item);
            case "reasoning" -> reasoning(item);
            case "item_reference" -> reference(item);
            default -> {
                if (!BUILT_IN.contains(type)) {
                    throw BadField.unknownValue(item.path("type"), type, TYPES);
                }
                turn.add(new ContentPart.Opaque("openai", item.raw()));
            }
        }
    }

    /** All messages, once every item has been read. */
    List<Message> messages() {
        endTurn();
        checkAnswered();
        return messages;
    }

    private void message(Fields item) {
        leftovers.noteFilled(item, "input[].", MESSAGE);
        String role = item.needString("role");
        switch (role) {
            case "user" -> {
                startOther();
                messages.add(new Message.User(parts.content(item), null, Extras.NONE));
            }
            case "system", "developer" -> {
                startOther();
                messages.add(
                        new Message.Instructions(role.equals("developer"), parts.content(item), null, Extras.NONE));
            }
            case "assistant" -> {
                boolean spoken = turn.stream()
                        .anyMatch(part -> part instanceof ContentPart.Text || part instanceof AssistantPart.Refusal);
                if (spoken) {
                    endTurn();
                }
                turn.addAll(parts.assistantContent(item));
            }
            default -> throw BadField.unknownValue(item.path("role"), role, ROLES);
        }
    }

    private void call(Fields item, boolean custom, String argumentsField) {
        leftovers.noteFilled(item, "input[].", CALL);
        String callId = item.needName("call_id");
        String arguments = item.string(argumentsField);
        turn.add(new ToolCall(
                callId, custom, item.needName("name"), arguments == null ? "" : arguments, signatures.remove(callId)));
        open.put(callId, item.path("call_id"));
    }

    private void result(Fields item) {
        leftovers.noteFilled(item, "input[].", RESULT);
        String callId = item.needName("call_id");
        if (open.remove(callId) == null) {
            throw BadField.invalid(
                    item.path("call_id"),
                    "No tool call found for function call output with call_id " + callId + ".",
                    "invalid_value");
        }
        endTurn();
        messages.add(new Message.ToolResult(callId, parts.output(item), false, Extras.NONE));
    }

    private void reasoning(Fields item) {
        leftovers.noteFilled(item, "input[].", REASONING);
        String sealed = item.string("encrypted_content");
        switch (sealed == null ? null : ReasoningEnvelope.open(sealed)) {
            case ReasoningEnvelope.Block block -> turn.add(block.part());
            case ReasoningEnvelope.OfCall call -> signatures.put(call.callId(), call.signature());
            case null ->
                turn.add(new AssistantPart.Reasoning(
                        item.string("id"), thought(item), sealed == null ? null : ReasoningEnvelope.OPENAI + sealed));
        }
    }

    private static String thought(Fields item) {
        StringBuilder text = new StringBuilder();
        List<Fields> parts = item.objects("content");
        for (Fields part : parts.isEmpty() ? item.objects("summary") : parts) {
            String piece = part.string("text");
            if (piece != null) {
                text.append(text.isEmpty() ? "" : "\n\n").append(piece);
            }
        }
        return text.toString();
    }

    private void reference(Fields item) {
        String id = item.needName("id");
        JsonNode known = stored.get(id);
        if (known == null) {
            throw BadField.invalid(item.path("id"), "Item with id '" + id + "' not found.", "invalid_value");
        }
        if (known.path("type").asText().equals("item_reference")) {
            // Followed, two of them could lead to each other for ever.
            throw BadField.invalid(
                    item.path("id"), "Item with id '" + id + "' is a reference itself.", "invalid_value");
        }
        read(Fields.of(known, item.path()));
    }

    private void startOther() {
        endTurn();
        checkAnswered();
    }

    /** Providers refuse a conversation that goes on without the result of a call it made. */
    private void checkAnswered() {
        if (!open.isEmpty()) {
            Map.Entry<String, String> first = open.entrySet().iterator().next();
            throw BadField.invalid(
                    first.getValue(),
                    "No tool output found for function call " + first.getKey() + ".",
                    "invalid_value");
        }
    }

    private void endTurn() {
        if (!turn.isEmpty()) {
            messages.add(new Message.Assistant(List.copyOf(turn), null, Extras.NONE));
            turn.clear();
        }
    }
}
