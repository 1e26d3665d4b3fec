package dev.mehari.provider.bedrock;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.config.AnthropicSettings.Capability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays a conversation out as Converse wants it: system text apart, user and assistant in turns, the first of them the
 * user's, all results of a turn's calls at the head of the next. One instance a request.
 */
final class BedrockMessages {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    /** Said for a user who said nothing, where somebody must. */
    private static final String NOTHING = ".";

    private final BedrockModel model;
    private final BedrockParts parts;
    private final List<BedrockBlock> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    /** Calls of the assistant's latest turn, by id: they still want a result. */
    private final Set<String> calls = new LinkedHashSet<>();

    /** The user's turn that is being gathered. */
    private Gathered user = new Gathered();

    private record Turn(String role, List<BedrockBlock> blocks) {}

    private static final class Gathered {
        private final Map<String, Result> results = new LinkedHashMap<>();
        private final List<BedrockBlock> said = new ArrayList<>();
        private final List<BedrockBlock> late = new ArrayList<>();
        private boolean hasText;
        private boolean hasDocument;

        private record Result(Message.ToolResult result, String path) {}

        boolean isEmpty() {
            return results.isEmpty() && said.isEmpty() && late.isEmpty();
        }
    }

    BedrockMessages(ChatRequest request, BedrockModel model, BedrockParts parts) {
        this.model = model;
        this.parts = parts;
        List<Message> messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            take(messages.get(i), "messages[" + i + "]", i == messages.size() - 1);
        }
        closeUser();
        complete();
    }

    /** Adds an instruction of ours to the system text. */
    void instruct(String text) {
        system.add(BedrockParts.text(text));
    }

    private void take(Message message, String path, boolean last) {
        switch (message) {
            case Message.Instructions instructions -> {
                boolean first = turns.isEmpty() && user.isEmpty();
                boolean late = !first && model.claudeCan(Capability.LATE_SYSTEM);
                (late ? user.late : system).addAll(parts.instructions(instructions, path));
            }
            case Message.User said -> {
                parts.user(said.content(), path, user.said);
                user.hasText |= !said.text().isBlank();
                user.hasDocument |= said.content().stream().anyMatch(ContentPart.Document.class::isInstance);
            }
            // Of two results of one call the last counts.
            case Message.ToolResult result -> user.results.put(result.callId(), new Gathered.Result(result, path));
            case Message.Assistant said -> {
                closeUser();
                List<BedrockBlock> blocks = new ArrayList<>();
                parts.assistant(said, last, blocks);
                said.toolCalls().stream().map(ToolCall::id).forEach(calls::add);
                add(ASSISTANT, blocks);
            }
        }
    }

    private void closeUser() {
        if (user.isEmpty()) {
            return;
        }
        Gathered turn = user;
        user = new Gathered();
        List<BedrockBlock> blocks = new ArrayList<>();
        for (String call : calls) {
            Gathered.Result result = turn.results.remove(call);
            if (result == null) {
                blocks.add(parts.missingResult(call));
            } else {
                parts.result(result.result(), result.path(), blocks);
            }
        }
        calls.clear();
        turn.results.values().forEach(orphan -> tell(orphan, blocks));
        blocks.addAll(turn.said);
        if (turn.hasDocument && !turn.hasText) {
            blocks.add(BedrockParts.text("See the document."));
        }
        if (blocks.isEmpty()) {
            // Between turns of the assistant's no system message may stand.
            blocks.addAll(turn.late);
            turn.late.clear();
        }
        add(USER, blocks);
        // Anthropic: right before an assistant turn, or at the end.
        add("system", turn.late);
    }

    /** A result whose call is not there would be refused; what it says is kept. */
    private void tell(Gathered.Result orphan, List<BedrockBlock> blocks) {
        blocks.add(
                BedrockParts.text("Result of the tool call " + orphan.result().callId() + ":"));
        parts.user(orphan.result().content(), orphan.path(), blocks);
    }

    private void add(String role, List<BedrockBlock> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        if (!turns.isEmpty() && turns.getLast().role().equals(role)) {
            turns.getLast().blocks().addAll(blocks);
        } else {
            turns.add(new Turn(role, new ArrayList<>(blocks)));
        }
    }

    private void complete() {
        if (turns.isEmpty() || !turns.getFirst().role().equals(USER)) {
            turns.addFirst(new Turn(USER, new ArrayList<>(List.of(BedrockParts.text(NOTHING)))));
        }
        boolean open = turns.getLast().role().equals(ASSISTANT) && calls.isEmpty();
        if (open && !model.claudeCan(Capability.PREFILL)) {
            add(USER, List.of(BedrockParts.text(NOTHING)));
        }
    }

    /** Fields {@code system} and {@code messages}. */
    void write(JsonWriter out) {
        boolean apart = model.can(BedrockModel.Ability.SYSTEM);
        if (!apart) {
            turns.getFirst().blocks().addAll(0, system);
        } else if (!system.isEmpty()) {
            list("system", system, out);
        }
        out.name("messages").list();
        for (Turn turn : turns) {
            out.object().field("role", turn.role());
            list("content", turn.blocks(), out);
            out.endObject();
        }
        out.endList();
    }

    private static void list(String name, List<BedrockBlock> blocks, JsonWriter out) {
        out.name(name).list();
        blocks.forEach(block -> block.write(out));
        out.endList();
    }
}
