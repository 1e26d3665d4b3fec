package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * One step of a streamed answer. A translated stream begins with {@link Start}; every stream ends with exactly one
 * {@link End} or {@link Failure}. {@code choice} is the 0-based index of the choice (OpenAI's {@code n}).
 */
public sealed interface ChatEvent {

    /**
     * Whether this event carries something of the answer itself. The first such event commits an attempt: from then on
     * no other provider may take over.
     */
    default boolean commits() {
        return false;
    }

    /**
     * A record that is already in the client's dialect and passes as bytes: the payload of one SSE {@code data:} field,
     * one line of UTF-8 JSON.
     *
     * @param bytes the payload, owned by this event
     * @param commits whether it holds text, a tool call, reasoning, a refusal, audio or a finish reason
     * @param usage token counts it carries, for those who watch
     * @param finish the finish reason it carries, for those who watch
     */
    record Frame(
            byte[] bytes,
            boolean commits,
            @Nullable Usage usage,
            @Nullable FinishReason finish) implements ChatEvent {}

    /** Begins a translated stream. {@code created} in Unix seconds. */
    record Start(String id, String model, long created) implements ChatEvent {}

    record TextDelta(int choice, String text) implements ChatEvent {
        @Override
        public boolean commits() {
            return !text.isEmpty();
        }
    }

    /**
     * More of the model's reasoning.
     *
     * @param signature the provider's proof over the reasoning block, sent back on the next turn
     */
    record ReasoningDelta(int choice, String text, @Nullable String signature) implements ChatEvent {
        @Override
        public boolean commits() {
            return true;
        }
    }

    record RefusalDelta(int choice, String text) implements ChatEvent {
        @Override
        public boolean commits() {
            return !text.isEmpty();
        }
    }

    /**
     * A tool call begins, and ends the arguments of the call before it in the same choice: decoders of protocols that
     * interleave calls hand them on one after the other. A call may get no arguments at all, which means {@code {}}.
     *
     * @param index 0-based ordinal of the call within its choice
     */
    record ToolCallStart(int choice, int index, String id, String name) implements ChatEvent {
        @Override
        public boolean commits() {
            return true;
        }
    }

    /** More of a tool call's arguments: a piece of JSON text. */
    record ToolCallDelta(int choice, int index, String arguments) implements ChatEvent {
        @Override
        public boolean commits() {
            return true;
        }
    }

    /** A choice has ended. At most one a choice. */
    record Finish(int choice, FinishReason reason) implements ChatEvent {
        @Override
        public boolean commits() {
            return true;
        }
    }

    /** Token counts of the whole answer. The last one counts. */
    record UsageReport(Usage usage) implements ChatEvent {}

    /** The answer is complete. */
    record End() implements ChatEvent {}

    /** The answer failed. Nothing follows. */
    record Failure(GatewayException reason) implements ChatEvent {}
}
