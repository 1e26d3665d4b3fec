package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/** A whole answer: in the client's dialect already, or still to be written in it. */
public sealed interface Answer {
    /** Token counts, when the provider told them. */
    @Nullable
    Usage usage();

    /**
     * It passes as bytes.
     *
     * @param json one JSON object, UTF-8
     */
    record Bytes(byte[] json, @Nullable Usage usage) implements Answer {}

    /** It was translated from another protocol. */
    record Translated(ChatResponse response) implements Answer {
        @Override
        public @Nullable Usage usage() {
            return response.usage();
        }
    }

    /** Embeddings, still to be written as the client wants them. */
    record Embedded(EmbeddingsResponse response) implements Answer {
        @Override
        public @Nullable Usage usage() {
            return response.usage();
        }
    }
}
