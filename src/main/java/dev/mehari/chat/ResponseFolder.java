package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the events of a translated stream into one whole answer, for clients that asked for JSON. Parts keep the
 * order in which they began.
 *
 * <p>One instance an answer; not thread-safe. {@link ChatEvent.Frame} cannot be gathered: those are bytes of a dialect
 * and pass as they are.
 */
public final class ResponseFolder implements EventSink {
    private final SortedMap<Integer, Choice> choices = new TreeMap<>();
    private ChatEvent.@Nullable Start start;
    private @Nullable Usage usage;
    private @Nullable String serviceTier;
    private @Nullable JsonNode providerFields;
    private @Nullable GatewayException failure;
    private boolean ended;

    @Override
    public void accept(ChatEvent event) {
        if (ended) {
            return;
        }
        switch (event) {
            case ChatEvent.Start begun -> start = begun;
            case ChatEvent.TextDelta delta -> choice(delta.choice()).text(delta.text());
            case ChatEvent.ReasoningDelta delta -> choice(delta.choice()).reasoning(delta.text(), delta.signature());
            case ChatEvent.RedactedReasoning block ->
                choice(block.choice()).parts.add(new Whole(new AssistantPart.RedactedReasoning(block.data())));
            case ChatEvent.RefusalDelta delta -> choice(delta.choice()).refusal(delta.text());
            case ChatEvent.ToolCallStart call -> choice(call.choice()).parts.add(new Call(call));
            case ChatEvent.ToolCallDelta delta -> choice(delta.choice()).arguments(delta.index(), delta.arguments());
            case ChatEvent.WholePart whole -> choice(whole.choice()).parts.add(new Whole(whole.part()));
            case ChatEvent.Annotation note -> choice(note.choice()).annotate(note.annotation());
            case ChatEvent.Logprobs logprobs -> choice(logprobs.choice()).logprobs(logprobs.logprobs());
            case ChatEvent.Finish finish -> choice(finish.choice()).finish(finish);
            case ChatEvent.UsageReport report -> {
                usage = report.usage();
                serviceTier = report.serviceTier();
            }
            case ChatEvent.ProviderFields own -> providerFields = own.fields();
            case ChatEvent.End end -> ended = true;
            case ChatEvent.Failure failed -> {
                failure = failed.reason();
                ended = true;
            }
            case ChatEvent.Frame frame -> throw new IllegalStateException("a frame cannot be gathered into an answer");
        }
    }

    /** Whether the last event has come: {@link #response()} may be asked for. */
    public boolean ended() {
        return ended;
    }

    /**
     * The answer.
     *
     * @throws GatewayException the failure with which the stream ended
     * @throws IllegalStateException when the stream has not ended, or never began
     */
    public ChatResponse response() {
        if (failure != null) {
            throw failure;
        }
        ChatEvent.Start begun = start;
        if (!ended || begun == null) {
            throw new IllegalStateException("the stream has not " + (ended ? "begun" : "ended"));
        }
        List<ChatResponse.Choice> answers = new ArrayList<>();
        choices.forEach((index, choice) -> answers.add(choice.whole(index)));
        return new ChatResponse(
                begun.id(), begun.model(), begun.created(), answers, usage, serviceTier, providerFields);
    }

    private Choice choice(int index) {
        return choices.computeIfAbsent(index, fresh -> new Choice());
    }

    /** A part that is still growing. */
    private sealed interface Part {
        AssistantPart whole();
    }

    /** A part that came in one piece. */
    private record Whole(AssistantPart whole) implements Part {}

    private record Words(boolean refusal, StringBuilder text, List<JsonNode> annotations) implements Part {
        @Override
        public AssistantPart whole() {
            return refusal
                    ? new AssistantPart.Refusal(text.toString())
                    : new ContentPart.Text(text.toString(), annotations, null);
        }
    }

    private static final class Thought implements Part {
        private final StringBuilder text = new StringBuilder();
        private @Nullable String signature;

        @Override
        public AssistantPart whole() {
            return new AssistantPart.Reasoning(null, text.toString(), signature);
        }
    }

    private record Call(ChatEvent.ToolCallStart start, StringBuilder arguments) implements Part {
        Call(ChatEvent.ToolCallStart start) {
            this(start, new StringBuilder());
        }

        @Override
        public AssistantPart whole() {
            return new ToolCall(start.id(), start.custom(), start.name(), arguments.toString(), start.signature());
        }
    }

    private static final class Choice {
        private final List<Part> parts = new ArrayList<>();
        private ChatEvent.@Nullable Finish finish;
        private @Nullable JsonNode logprobs;

        void text(String text) {
            words(false, text);
        }

        void refusal(String text) {
            words(true, text);
        }

        private void words(boolean refusal, String text) {
            if (text.isEmpty()) {
                return;
            }
            if (last() instanceof Words words && words.refusal() == refusal) {
                words.text().append(text);
            } else {
                parts.add(new Words(refusal, new StringBuilder(text), new ArrayList<>()));
            }
        }

        /** A citation belongs to the text before it; one that comes first waits for none and stands alone. */
        void annotate(JsonNode annotation) {
            for (Part part : parts.reversed()) {
                if (part instanceof Words words && !words.refusal()) {
                    words.annotations().add(annotation);
                    return;
                }
            }
            parts.add(new Words(false, new StringBuilder(), new ArrayList<>(List.of(annotation))));
        }

        void logprobs(JsonNode more) {
            JsonNode known = logprobs;
            if (known != null
                    && known.path("content") instanceof ArrayNode tokens
                    && more.path("content") instanceof ArrayNode others) {
                tokens.addAll(others);
            } else {
                logprobs = more.deepCopy();
            }
        }

        void reasoning(String text, @Nullable String signature) {
            // A signature closes its block: what follows it is another one.
            Thought thought = last() instanceof Thought open && open.signature == null ? open : new Thought();
            if (thought != last()) {
                parts.add(thought);
            }
            thought.text.append(text);
            thought.signature = signature;
        }

        void arguments(int index, String piece) {
            for (Part part : parts) {
                if (part instanceof Call call && call.start().index() == index) {
                    call.arguments().append(piece);
                    return;
                }
            }
            throw new IllegalStateException("arguments for tool call " + index + ", which has not begun");
        }

        void finish(ChatEvent.Finish told) {
            finish = finish == null ? told : finish;
        }

        ChatResponse.Choice whole(int index) {
            boolean called = parts.stream().anyMatch(Call.class::isInstance);
            FinishReason reason = finish == null ? FinishReason.STOP : finish.reason();
            Message.Assistant message =
                    new Message.Assistant(parts.stream().map(Part::whole).toList(), null, Extras.NONE);
            return new ChatResponse.Choice(
                    index,
                    message,
                    reason.withToolCalls(called),
                    logprobs,
                    finish == null ? null : finish.stopSequence());
        }

        private @Nullable Part last() {
            return parts.isEmpty() ? null : parts.getLast();
        }
    }
}
