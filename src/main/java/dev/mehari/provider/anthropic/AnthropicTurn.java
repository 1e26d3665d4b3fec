package dev.mehari.provider.anthropic;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One turn of a conversation as Anthropic wants it: neighbours of one role merged, tool results at the beginning of a
 * user's turn, calls at the end of an assistant's. One request's own.
 */
final class AnthropicTurn {
    /** Who speaks. */
    enum Role {
        USER,
        ASSISTANT,
        SYSTEM
    }

    /** A part and where it stood, for messages about it. */
    record Placed(AssistantPart part, String path) {}

    /** A tool's result and where it stood. */
    record PlacedResult(Message.ToolResult result, String path) {}

    private static final String NO_RESULT =
            "There is no result: the call was not carried out, or what came of it is lost.";

    final Role role;
    private final List<Placed> parts = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();
    private final List<PlacedResult> given = new ArrayList<>();
    private List<PlacedResult> results = List.of();

    AnthropicTurn(Role role) {
        this.role = role;
    }

    void add(AssistantPart part, String path) {
        if (part instanceof ToolCall call) {
            calls.add(call);
        } else {
            parts.add(new Placed(part, path));
        }
    }

    void add(Message.ToolResult result, String path) {
        given.add(new PlacedResult(result, path));
    }

    List<ToolCall> calls() {
        return calls;
    }

    List<Placed> parts() {
        return parts;
    }

    /** In the order of the calls they answer; known after {@link #answer}. */
    List<PlacedResult> results() {
        return results;
    }

    /**
     * Puts the results that came in this turn to the calls of the turn before, each call one: the last when there are
     * several, a failed one when there is none. Anthropic refuses anything else. What answers no call is told as text.
     */
    void answer(List<ToolCall> asked) {
        Map<String, PlacedResult> byCall = new LinkedHashMap<>();
        given.forEach(placed -> byCall.put(placed.result().callId(), placed));
        List<PlacedResult> answers = new ArrayList<>();
        for (ToolCall call : asked) {
            PlacedResult answer = byCall.remove(call.id());
            answers.add(answer == null ? missing(call) : answer);
        }
        results = answers;
        List<Placed> orphans = new ArrayList<>();
        byCall.values().forEach(orphan -> orphans.addAll(told(orphan)));
        parts.addAll(0, orphans);
    }

    private static PlacedResult missing(ToolCall call) {
        return new PlacedResult(
                new Message.ToolResult(call.id(), List.of(ContentPart.Text.of(NO_RESULT)), true, Extras.NONE),
                "messages");
    }

    private static List<Placed> told(PlacedResult orphan) {
        List<Placed> told = new ArrayList<>();
        String intro = "Result of the tool call " + orphan.result().callId() + ":";
        told.add(new Placed(ContentPart.Text.of(intro), orphan.path()));
        orphan.result().content().forEach(part -> told.add(new Placed(part, orphan.path())));
        return told;
    }
}
