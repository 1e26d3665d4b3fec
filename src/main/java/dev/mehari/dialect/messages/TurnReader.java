package dev.mehari.dialect.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolIds;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.Fields;
import dev.mehari.dialect.Leftovers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code system} and {@code messages}. A user turn that holds tool results becomes a message for each of them, and
 * one for the rest behind them: results come first, wherever they stand, as Anthropic takes neighbours of one role for
 * one turn. Each call must have its result in the next user turn, and each result its call.
 *
 * <p>One instance a request: it remembers which calls still lack a result.
 */
final class TurnReader {
    private static final Set<String> KNOWN = Set.of("role", "content");

    /** Coding agents put it first into system; it is for Anthropic's accounting alone. */
    private static final String BILLING = "x-anthropic-billing-header";

    private final Leftovers leftovers;
    private final BlockReader blocks;
    private final List<Message> messages = new ArrayList<>();
    private final Set<String> open = new LinkedHashSet<>();

    /** Where the next result belongs: behind the calls and the results so far. */
    private int afterCalls = -1;

    private boolean answering;

    private TurnReader(Leftovers leftovers) {
        this.leftovers = leftovers;
        this.blocks = new BlockReader(leftovers);
    }

    static List<Message> messages(Fields request, Leftovers leftovers) {
        TurnReader reader = new TurnReader(leftovers);
        reader.system(request);
        List<Fields> turns = Fields.objects(request.need("messages"), "messages");
        for (Fields turn : turns) {
            reader.turn(turn, turn == turns.getLast());
        }
        reader.requireResults();
        return reader.messages;
    }

    private void system(Fields request) {
        if (!request.has("system")) {
            return;
        }
        List<ContentPart> parts = new ArrayList<>(blocks.content(request, "system"));
        if (!parts.isEmpty()
                && parts.getFirst() instanceof ContentPart.Text text
                && text.text().startsWith(BILLING)) {
            parts.removeFirst();
        }
        if (!parts.isEmpty()) {
            messages.add(new Message.Instructions(false, parts, null, Extras.NONE));
        }
    }

    private void turn(Fields turn, boolean last) {
        leftovers.note(turn, "messages[].", KNOWN);
        switch (turn.needString("role")) {
            case "user" -> user(turn);
            case "assistant" -> assistant(turn, last);
            default ->
                messages.add(new Message.Instructions(false, blocks.content(turn, "content"), null, Extras.NONE));
        }
    }

    private void user(Fields turn) {
        answering = true;
        JsonNode content = turn.need("content");
        List<ContentPart> parts = new ArrayList<>();
        int results = 0;
        if (content.isTextual()) {
            parts.addAll(blocks.content(turn, "content"));
        } else {
            for (Fields block : Fields.objects(content, turn.path("content"))) {
                if (block.needString("type").equals("tool_result")) {
                    result(block);
                    results++;
                } else {
                    parts.addAll(blocks.block(block));
                }
            }
        }
        if (!parts.isEmpty()) {
            messages.add(new Message.User(parts, null, Extras.NONE));
        } else if (results == 0) {
            throw empty(turn);
        }
    }

    private void result(Fields block) {
        leftovers.note(
                block,
                "messages[].content[].tool_result.",
                Set.of("type", "tool_use_id", "content", "is_error", "cache_control"));
        String id = block.needName("tool_use_id");
        if (!open.remove(id)) {
            throw BadField.invalid(
                    block.path("tool_use_id"),
                    "Invalid '" + block.path("tool_use_id") + "': no tool_use block of the turn before has the id '"
                            + id + "', or it has a result already.",
                    "invalid_value");
        }
        messages.add(
                afterCalls++,
                new Message.ToolResult(
                        ToolIds.original(id), blocks.result(block), block.isTrue("is_error"), Extras.NONE));
    }

    private void assistant(Fields turn, boolean last) {
        if (answering) {
            requireResults();
        }
        answering = false;
        List<AssistantPart> parts = blocks.assistant(turn);
        if (parts.isEmpty()) {
            if (!last) {
                throw empty(turn);
            }
            return;
        }
        for (AssistantPart part : parts) {
            if (part instanceof ToolCall call) {
                open.add(ToolIds.fitting(call.id()));
            }
        }
        messages.add(new Message.Assistant(parts, null, Extras.NONE));
        afterCalls = messages.size();
    }

    private void requireResults() {
        if (!open.isEmpty()) {
            throw BadField.invalid(
                    "messages",
                    "Invalid 'messages': tool_use ids without a tool_result in the next message: "
                            + String.join(", ", open) + ".",
                    "invalid_value");
        }
    }

    private static RuntimeException empty(Fields turn) {
        return BadField.invalid(
                turn.path("content"), "Invalid '" + turn.path("content") + "': it must not be empty.", "empty_array");
    }
}
