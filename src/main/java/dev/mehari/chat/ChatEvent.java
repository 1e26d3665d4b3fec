package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
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
     * @param name of the SSE event, for APIs that name them
     */
    record Frame(
            byte[] bytes,
            boolean commits,
            @Nullable Usage usage,
            @Nullable FinishReason finish,
            @Nullable String name) implements ChatEvent {
        public Frame(byte[] bytes, boolean commits, @Nullable Usage usage, @Nullable FinishReason finish) {
            this(bytes, commits, usage, finish, null);
        }
    }

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

    /** A whole block of reasoning that the provider hides: opaque data, sent back on the next turn. */
    record RedactedReasoning(int choice, String data) implements ChatEvent {
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
     * @param custom whether its arguments are free text, not JSON
     * @param signature as {@link ToolCall#signature()}
     */
    record ToolCallStart(
            int choice,
            int index,
            String id,
            String name,
            boolean custom,
            @Nullable String signature) implements ChatEvent {
        public ToolCallStart(int choice, int index, String id, String name) {
            this(choice, index, id, name, false, null);
        }

        @Override
        public boolean commits() {
            return true;
        }
    }

    /** More of a tool call's arguments: a piece of JSON text, or of a custom tool's free text. */
    record ToolCallDelta(int choice, int index, String arguments) implements ChatEvent {
        @Override
        public boolean commits() {
            return true;
        }
    }

    /** A part of the answer that comes in one piece: a picture, sound, or a block only its protocol knows. */
    record WholePart(int choice, ContentPart part) implements ChatEvent {
        @Override
        public boolean commits() {
            return true;
        }
    }

    /** A citation of the text before it, in OpenAI's shape ({@code {"type":"url_citation",…}}) where it fits one. */
    record Annotation(int choice, JsonNode annotation) implements ChatEvent {}

    /** Log-probabilities of the tokens since the last such event, in OpenAI's shape ({@code {"content":[…]}}). */
    record Logprobs(int choice, JsonNode logprobs) implements ChatEvent {}

    /**
     * A choice has ended. At most one a choice.
     *
     * @param stopSequence the one of the client's that ended it, when the provider told
     */
    record Finish(int choice, FinishReason reason, @Nullable String stopSequence) implements ChatEvent {
        public Finish(int choice, FinishReason reason) {
            this(choice, reason, null);
        }

        @Override
        public boolean commits() {
            return true;
        }
    }

    /**
     * Token counts of the whole answer. The last one counts.
     *
     * @param serviceTier the tier that served it, as the provider names it
     */
    record UsageReport(Usage usage, @Nullable String serviceTier) implements ChatEvent {
        public UsageReport(Usage usage) {
            this(usage, null);
        }
    }

    /**
     * What the provider tells of its answer that no client's API has a field for, in its own words under the name of its
     * protocol: {@code {"gemini":{"promptFeedback":{…}}}}. At most once, before anything finishes; all dialects write it as
     * {@code provider_fields}.
     */
    record ProviderFields(JsonNode fields) implements ChatEvent {}

    /** The answer is complete. */
    record End() implements ChatEvent {}

    /** The answer failed. Nothing follows. */
    record Failure(GatewayException reason) implements ChatEvent {}
}
