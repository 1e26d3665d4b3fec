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

    /** A call and its id for Anthropic, which no other call of the conversation has. */
    record Call(ToolCall call, String id) {}

    /** A tool's result, where it stood, and the id of the call it answers. */
    record Result(Message.ToolResult result, String path, String id) {}

    private static final String NO_RESULT =
            "There is no result: the call was not carried out, or what came of it is lost.";

    final Role role;
    private final List<Placed> parts = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Result> given = new ArrayList<>();
    private List<Result> results = List.of();

    AnthropicTurn(Role role) {
        this.role = role;
    }

    void add(AssistantPart part, String path) {
        parts.add(new Placed(part, path));
    }

    void add(Call call) {
        calls.add(call);
    }

    void add(Message.ToolResult result, String path) {
        given.add(new Result(result, path, ""));
    }

    List<Call> calls() {
        return calls;
    }

    List<Placed> parts() {
        return parts;
    }

    /** In the order of the calls they answer; known after {@link #answer}. */
    List<Result> results() {
        return results;
    }

    /**
     * Puts the results that came in this turn to the calls of the turn before, each call one: the last when there are
     * several, a failed one when there is none. Anthropic refuses anything else. What answers no call is told as text.
     */
    void answer(List<Call> asked) {
        Map<String, Result> byCall = new LinkedHashMap<>();
        given.forEach(result -> byCall.put(result.result().callId(), result));
        List<Result> answers = new ArrayList<>();
        for (Call call : asked) {
            Result answer = byCall.remove(call.call().id());
            answers.add(answer == null ? missing(call) : new Result(answer.result(), answer.path(), call.id()));
        }
        results = answers;
        List<Placed> orphans = new ArrayList<>();
        byCall.values().forEach(orphan -> orphans.addAll(told(orphan)));
        parts.addAll(0, orphans);
    }

    private static Result missing(Call call) {
        List<ContentPart> text = List.of(ContentPart.Text.of(NO_RESULT));
        return new Result(new Message.ToolResult(call.call().id(), text, true, Extras.NONE), "messages", call.id());
    }

    private static List<Placed> told(Result orphan) {
        List<Placed> told = new ArrayList<>();
        String intro = "Result of the tool call " + orphan.result().callId() + ":";
        told.add(new Placed(ContentPart.Text.of(intro), orphan.path()));
        for (ContentPart part : orphan.result().content()) {
            if (!isBlank(part)) {
                told.add(new Placed(part, orphan.path()));
            }
        }
        return told;
    }

    /** Anthropic answers 400 to text without a word in it. */
    static boolean isBlank(ContentPart part) {
        return part instanceof ContentPart.Text text && text.text().isBlank();
    }
}
