package dev.mehari.provider.anthropic;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ToolCall;
import dev.mehari.config.AnthropicSettings.LateSystem;
import dev.mehari.provider.anthropic.AnthropicTurn.Placed;
import dev.mehari.provider.anthropic.AnthropicTurn.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a conversation into the order that Anthropic insists on: system texts on top, turns that alternate and begin
 * with the user's, each call answered in the very next turn, nothing empty. One instance a request.
 */
final class AnthropicMessages {
    /** For a turn that must be there and has nothing to say; blanks are refused. */
    private static final String NOTHING = ".";

    private static final String GO_ON = "Continue.";

    private final List<Message> messages;
    private final boolean takesLateSystem;
    private final LateSystem lateSystem;
    private final List<String> dropped;
    private final List<ContentPart.Text> system = new ArrayList<>();
    private final List<AnthropicTurn> turns = new ArrayList<>();

    /**
     * @param takesLateSystem whether the model takes system messages between turns
     * @param dropped gets the fields that are left out
     */
    AnthropicMessages(ChatRequest request, boolean takesLateSystem, LateSystem lateSystem, List<String> dropped) {
        this.messages = request.messages();
        this.takesLateSystem = takesLateSystem;
        this.lateSystem = lateSystem;
        this.dropped = dropped;
    }

    /**
     * Sorts all messages.
     *
     * @param prefill whether the model goes on with a last message of its own
     * @throws InvalidRequest something stands where it cannot
     */
    AnthropicMessages shape(boolean prefill) {
        for (int i = 0; i < messages.size(); i++) {
            String path = "messages[" + i + "]";
            switch (messages.get(i)) {
                case Message.Instructions instructions -> instructions(instructions, i, path + ".content");
                case Message.User user -> user(user, i == messages.size() - 1, path + ".content");
                case Message.Assistant assistant -> assistant(assistant, path);
                case Message.ToolResult result -> turn(Role.USER).add(result, path + ".content");
            }
        }
        if (turns.isEmpty() || turns.getFirst().role == Role.ASSISTANT) {
            turns.addFirst(saying(NOTHING));
        }
        answerCalls();
        if (!prefill && turns.getLast().role == Role.ASSISTANT) {
            turns.add(saying(GO_ON));
        }
        return this;
    }

    /** The texts of the top-level system. */
    List<ContentPart.Text> system() {
        return system;
    }

    List<AnthropicTurn> turns() {
        return turns;
    }

    private void instructions(Message.Instructions instructions, int position, String path) {
        boolean first = turns.isEmpty();
        List<ContentPart.Text> texts = new ArrayList<>();
        for (ContentPart part : instructions.content()) {
            if (!(part instanceof ContentPart.Text text)) {
                throw new InvalidRequest(
                        "unsupported_value", path, path + " must be text: Claude's system prompt holds nothing else");
            }
            if (!text.text().isBlank()) {
                texts.add(text);
            }
        }
        if (first || (!takesLateSystem && lateSystem == LateSystem.HOIST)) {
            system.addAll(texts);
        } else if (takesLateSystem && turns.getLast().role != Role.ASSISTANT && endsTurn(position)) {
            texts.forEach(text -> turn(Role.SYSTEM).add(text, path));
        } else {
            texts.forEach(text -> turn(Role.USER).add(wrapped(text), path));
        }
    }

    private static ContentPart.Text wrapped(ContentPart.Text text) {
        return new ContentPart.Text("<system>" + text.text() + "</system>", List.of(), text.cache());
    }

    /** Whether the assistant speaks next. Anthropic: a system message stands right before its turn, or at the end. */
    private boolean endsTurn(int position) {
        for (Message next : messages.subList(position + 1, messages.size())) {
            if (!(next instanceof Message.Instructions)) {
                return next instanceof Message.Assistant;
            }
        }
        return true;
    }

    private void user(Message.User user, boolean last, String path) {
        boolean said = false;
        List<ContentPart> content = user.content();
        for (int i = 0; i < content.size(); i++) {
            if (!isBlank(content.get(i))) {
                turn(Role.USER).add(content.get(i), path + "[" + i + "]");
                said = true;
            }
        }
        if (last && !said && (turns.isEmpty() || turns.getLast().role == Role.ASSISTANT)) {
            turns.add(saying(NOTHING));
        }
    }

    private void assistant(Message.Assistant assistant, String path) {
        for (AssistantPart part : assistant.content()) {
            AssistantPart kept = kept(part, path);
            if (kept != null) {
                turn(Role.ASSISTANT).add(kept, path);
            }
        }
    }

    /** The part as it goes back; null when it stays out. */
    private @Nullable AssistantPart kept(AssistantPart part, String path) {
        return switch (part) {
            case ContentPart.Text text -> text.text().isBlank() ? null : text;
            case AssistantPart.Refusal refusal -> refusal.text().isBlank() ? null : ContentPart.Text.of(refusal.text());
            case AssistantPart.Reasoning thought -> thought(part, RequestField.REASONING_HISTORY);
            case AssistantPart.RedactedReasoning thought -> thought(part, RequestField.REDACTED_REASONING);
            case ToolCall call -> call;
            case ContentPart.Opaque block -> block.protocol().equals("anthropic") ? block : null;
            case ContentPart.Image image -> throw notAssistants(path, "images");
            case ContentPart.Document document -> throw notAssistants(path, "files");
            case ContentPart.Audio audio -> throw notAssistants(path, "audio");
        };
    }

    private @Nullable AssistantPart thought(AssistantPart thought, RequestField field) {
        if (AnthropicThinking.isThought(thought)) {
            return thought;
        }
        if (!dropped.contains(field.title())) {
            dropped.add(field.title());
        }
        return null;
    }

    private static InvalidRequest notAssistants(String path, String what) {
        return new InvalidRequest(
                "unsupported_value",
                path + ".content",
                path + ".content has " + what + ", which Claude takes from users and tools only");
    }

    private static boolean isBlank(ContentPart part) {
        return part instanceof ContentPart.Text text && text.text().isBlank();
    }

    private AnthropicTurn turn(Role role) {
        if (turns.isEmpty() || turns.getLast().role != role) {
            turns.add(new AnthropicTurn(role));
        }
        return turns.getLast();
    }

    private static AnthropicTurn saying(String text) {
        AnthropicTurn turn = new AnthropicTurn(Role.USER);
        turn.add(ContentPart.Text.of(text), "messages");
        return turn;
    }

    private void answerCalls() {
        List<ToolCall> open = List.of();
        for (int i = 0; i <= turns.size(); i++) {
            if (!open.isEmpty() && (i == turns.size() || turns.get(i).role != Role.USER)) {
                turns.add(i, new AnthropicTurn(Role.USER));
            }
            if (i < turns.size()) {
                AnthropicTurn turn = turns.get(i);
                turn.answer(open);
                open = turn.calls();
            }
        }
    }

    /** The texts of a turn's last part without blanks at the end, which Anthropic refuses in a message to go on with. */
    static Placed trimmed(Placed last) {
        return last.part() instanceof ContentPart.Text text
                ? new Placed(
                        new ContentPart.Text(text.text().stripTrailing(), text.annotations(), text.cache()),
                        last.path())
                : last;
    }
}
