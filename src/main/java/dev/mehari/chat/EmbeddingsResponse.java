package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings as a provider gave them.
 *
 * @param model by the name that the client used
 * @param vectors one for each input, in their order; not to be changed
 * @param usage null when the provider did not tell it
 * @param providerFields what only the provider has words for, under its protocol's name; null: nothing
 */
public record EmbeddingsResponse(
        String model,
        List<float[]> vectors,
        @Nullable Usage usage,
        @Nullable JsonNode providerFields) {
    public EmbeddingsResponse {
        vectors = List.copyOf(vectors);
    }

    public EmbeddingsResponse(String model, List<float[]> vectors, @Nullable Usage usage) {
        this(model, vectors, usage, null);
    }

    public EmbeddingsResponse with(@Nullable JsonNode providerFields) {
        return new EmbeddingsResponse(model, vectors, usage, providerFields);
    }

    /**
     * One answer of several, for providers that take fewer inputs at once than the client has sent.
     *
     * @param parts in the order of their inputs, at least one. Usage is their sum, and unknown when one did not tell it
     */
    public static EmbeddingsResponse join(List<EmbeddingsResponse> parts) {
        List<float[]> vectors = new ArrayList<>();
        parts.forEach(part -> vectors.addAll(part.vectors()));
        List<Long> counts = parts.stream()
                .map(EmbeddingsResponse::usage)
                .map(usage -> usage == null ? null : usage.promptTokens())
                .toList();
        Usage usage = counts.contains(null)
                ? null
                : Usage.of(
                        counts.stream()
                                .filter(Objects::nonNull)
                                .mapToLong(Long::longValue)
                                .sum(),
                        null);
        return new EmbeddingsResponse(parts.getFirst().model(), vectors, usage);
    }
}
