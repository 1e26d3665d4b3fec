package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the messages of a request, in order. One instance a request: it remembers which calls still lack a result,
 * because a legacy {@code function} message names the function and not the call.
 */
final class MessageReader {
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool", "function");
    private static final Set<String> PLAIN_FIELDS = Set.of("role", "content", "name", "cache_control");
    private static final Set<String> RESULT_FIELDS =
            Set.of("role", "content", "tool_call_id", "is_error", "cache_control");
    private static final Set<String> FUNCTION_RESULT_FIELDS =
            Set.of("role", "content", "name", "is_error", "cache_control");
    private static final Set<String> ASSISTANT_FIELDS = Set.of(
            "role",
            "content",
            "name",
            "refusal",
            "tool_calls",
            "function_call",
            "reasoning_content",
            "reasoning",
            "thinking_blocks",
            "images",
            "provider_blocks",
            "cache_control");

    /** Calls without a result so far, in the order they were made. */
    private final List<ToolCall> open = new ArrayList<>();

    private final Leftovers leftovers;
    private final PartReader parts;

    private MessageReader(Leftovers leftovers) {
        this.leftovers = leftovers;
        this.parts = new PartReader(leftovers);
    }

    static List<Message> messages(Fields request, Leftovers leftovers) {
        JsonNode array = request.need("messages");
        List<Fields> all = Fields.objects(array, "messages");
        if (all.isEmpty()) {
            throw BadField.invalid(
                    "messages", "Invalid 'messages': empty array. Expected at least one message.", "empty_array");
        }
        MessageReader reader = new MessageReader(leftovers);
        List<Message> messages = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Message message = reader.message(all.get(i), i);
            leftovers.noteFilled(message.extras(), "messages[].");
            messages.add(message);
        }
        return messages;
    }

    private Message message(Fields message, int position) {
        String role = message.needString("role");
        return switch (role) {
            case "system", "developer" ->
                new Message.Instructions(
                        role.equals("developer"),
                        parts.content(message),
                        message.string("name"),
                        message.except(PLAIN_FIELDS));
            case "user" ->
                new Message.User(parts.content(message), message.string("name"), message.except(PLAIN_FIELDS));
            case "assistant" -> assistant(message, position);
            case "tool" -> result(message);
            case "function" -> functionResult(message, position);
            default -> throw BadField.unknownValue(message.path("role"), role, ROLES);
        };
    }

    private Message.Assistant assistant(Fields message, int position) {
        List<AssistantPart> said = new ArrayList<>(ReasoningReader.reasoning(message));
        // This dialect knows no order between them; what a provider's own tools did comes before what is said of it.
        said.addAll(parts.blocks(message));
        said.addAll(parts.assistantContent(message));
        said.addAll(parts.images(message));
        String refusal = message.string("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            said.add(new AssistantPart.Refusal(refusal));
        }
        List<ToolCall> calls = ToolCallReader.calls(message, position, leftovers);
        said.addAll(calls);
        open.addAll(calls);
        if (said.isEmpty() && !message.has("content") && !message.has("audio")) {
            throw BadField.missing(message.path("content"));
        }
        return new Message.Assistant(said, message.string("name"), message.except(ASSISTANT_FIELDS));
    }

    private Message.ToolResult result(Fields message) {
        String callId = message.needString("tool_call_id");
        open.removeIf(call -> call.id().equals(callId));
        return new Message.ToolResult(
                callId, parts.resultContent(message), failed(message), message.except(RESULT_FIELDS));
    }

    private Message.ToolResult functionResult(Fields message, int position) {
        String name = message.needName("name");
        return new Message.ToolResult(
                callOf(name, position),
                parts.resultContent(message),
                failed(message),
                message.except(FUNCTION_RESULT_FIELDS));
    }

    /** The nearest earlier call of that function without a result, or a call of its own when there is none. */
    private String callOf(String name, int position) {
        ToolCall match = null;
        for (ToolCall call : open) {
            match = call.name().equals(name) ? call : match;
        }
        if (match == null) {
            return ToolCallReader.madeUpId(position, name);
        }
        open.remove(match);
        return match.id();
    }

    /** {@code is_error} is not OpenAI's; clients that also speak Anthropic's API send it. */
    private static boolean failed(Fields message) {
        JsonNode flag = message.get("is_error");
        return flag != null && flag.isBoolean() && flag.booleanValue();
    }
}
