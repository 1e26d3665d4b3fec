package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/** A whole answer: in the client's dialect already, or still to be written in it. */
public sealed interface Answer {
    /** Token counts, when the provider told them. */
    @Nullable
    Usage usage();

    /** Why it ended, of several choices the last; null for embeddings, and when the provider did not tell. */
    @Nullable
    FinishReason finish();

    /** What the provider calls it; null: nothing, or nobody was asked for it. */
    @Nullable
    AnswerNames names();

    /**
     * It passes as bytes.
     *
     * @param json one JSON object, UTF-8
     */
    record Bytes(
            byte[] json,
            @Nullable Usage usage,
            @Nullable FinishReason finish,
            @Nullable AnswerNames names) implements Answer {}

    /** It was translated from another protocol. */
    record Translated(ChatResponse response, @Nullable AnswerNames names) implements Answer {
        @Override
        public @Nullable Usage usage() {
            return response.usage();
        }

        @Override
        public @Nullable FinishReason finish() {
            return response.choices().isEmpty()
                    ? null
                    : response.choices().getLast().finish();
        }
    }

    /** Embeddings, still to be written as the client wants them. */
    record Embedded(EmbeddingsResponse response, @Nullable AnswerNames names) implements Answer {
        @Override
        public @Nullable Usage usage() {
            return response.usage();
        }

        @Override
        public @Nullable FinishReason finish() {
            return null;
        }
    }
}
