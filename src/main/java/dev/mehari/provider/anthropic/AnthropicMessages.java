package dev.mehari.provider.anthropic;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolNames;
import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.LateSystem;
import dev.mehari.config.AnthropicSettings.Model;
import dev.mehari.provider.anthropic.AnthropicTurn.Placed;
import dev.mehari.provider.anthropic.AnthropicTurn.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final Model model;
    private final LateSystem lateSystem;
    private final List<String> dropped;
    private final List<ContentPart.Text> system = new ArrayList<>();
    private final List<AnthropicTurn> turns = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    /**
     * @param dropped gets the fields that are left out
     */
    AnthropicMessages(ChatRequest request, Model model, LateSystem lateSystem, List<String> dropped) {
        this.messages = request.messages();
        this.model = model;
        this.lateSystem = lateSystem;
        this.dropped = dropped;
    }

    /**
     * Sorts all messages.
     *
     * @param thinks which no message to go on with goes with
     * @throws InvalidRequest something stands where it cannot
     */
    AnthropicMessages shape(boolean thinks) {
        for (int i = 0; i < messages.size(); i++) {
            String path = "messages[" + i + "]";
            switch (messages.get(i)) {
                case Message.Instructions instructions -> instructions(instructions, path + ".content");
                case Message.User user -> user(user, i == messages.size() - 1, path + ".content");
                case Message.Assistant assistant -> assistant(assistant, path);
                case Message.ToolResult result -> turn(Role.USER).add(result, path + ".content");
            }
        }
        if (turns.isEmpty() || turns.getFirst().role == Role.ASSISTANT) {
            turns.addFirst(saying(NOTHING));
        }
        answerCalls();
        boolean goesOn = model.can(Capability.PREFILL) && !thinks;
        if (!goesOn && turns.getLast().role == Role.ASSISTANT) {
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

    private void instructions(Message.Instructions instructions, String path) {
        boolean takesLate = model.can(Capability.LATE_SYSTEM);
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
        if (turns.isEmpty() || (!takesLate && lateSystem == LateSystem.HOIST)) {
            system.addAll(texts);
        } else if (takesLate && turns.getLast().role != Role.ASSISTANT) {
            texts.forEach(text -> turn(Role.SYSTEM).add(text, path));
        } else {
            texts.forEach(text -> turn(Role.USER).add(wrapped(text), path));
        }
    }

    private static ContentPart.Text wrapped(ContentPart.Text text) {
        return new ContentPart.Text("<system>" + text.text() + "</system>", List.of(), text.cache());
    }

    private void user(Message.User user, boolean last, String path) {
        boolean said = false;
        List<ContentPart> content = user.content();
        for (int i = 0; i < content.size(); i++) {
            if (!AnthropicTurn.isBlank(content.get(i))) {
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
            if (kept instanceof ToolCall call) {
                if (call.signature() != null) {
                    drop(RequestField.REASONING_SIGNATURE);
                }
                turn(Role.ASSISTANT).add(new AnthropicTurn.Call(call, unique(call.id())));
            } else if (kept != null) {
                turn(Role.ASSISTANT).add(kept, path);
            }
        }
    }

    /** An id that no call before has: some providers count anew in every turn, and Anthropic refuses the second. */
    private String unique(String id) {
        String fitted = ToolNames.fitting(id);
        for (int again = 2; !ids.add(fitted); again++) {
            fitted = ToolNames.fitting(id + "#" + again);
        }
        return fitted;
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
            // What another model has drawn; the conversation goes on without.
            case ContentPart.Image image -> drop(RequestField.IMAGE);
            case ContentPart.Document document -> throw notAssistants(path, "files");
            case ContentPart.Audio audio -> throw notAssistants(path, "audio");
        };
    }

    private @Nullable AssistantPart thought(AssistantPart thought, RequestField field) {
        boolean thinks = model.can(Capability.ADAPTIVE_THINKING) || model.can(Capability.BUDGET_THINKING);
        if (thinks && AnthropicThinking.isThought(thought)) {
            return thought;
        }
        return drop(field);
    }

    private @Nullable AssistantPart drop(RequestField field) {
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

    private AnthropicTurn turn(Role role) {
        if (role == Role.USER) {
            unsettleSystem();
        }
        if (turns.isEmpty() || turns.getLast().role != role) {
            turns.add(new AnthropicTurn(role));
        }
        return turns.getLast();
    }

    /** Anthropic: a system message stands right before the assistant's turn, or at the end. Here the user goes on. */
    private void unsettleSystem() {
        if (!turns.isEmpty() && turns.getLast().role == Role.SYSTEM) {
            AnthropicTurn system = turns.removeLast();
            for (Placed placed : system.parts()) {
                if (placed.part() instanceof ContentPart.Text text) {
                    turns.getLast().add(wrapped(text), placed.path());
                }
            }
        }
    }

    private static AnthropicTurn saying(String text) {
        AnthropicTurn turn = new AnthropicTurn(Role.USER);
        turn.add(ContentPart.Text.of(text), "messages");
        return turn;
    }

    private void answerCalls() {
        List<AnthropicTurn.Call> open = List.of();
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
