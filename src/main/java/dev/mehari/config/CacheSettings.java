package dev.mehari.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code mehari.cache}: answers that are kept to be given again. Immutable.
 *
 * @param enabled whether at all, for models that are not listed
 * @param mode which requests
 * @param ttl how long an answer is kept; a request may ask for another time
 * @param maxSize of all answers in memory together
 * @param maxEntrySize the largest answer that is kept
 * @param maxRequestSize of a request, images and all; a larger one is not looked for
 * @param singleFlight whether identical requests at once share one call upstream
 * @param patience how long a request waits for the first token of an identical one before it goes its own way
 * @param pace between two pieces of a stream that is given again; 0: all at once
 * @param redis where {@code REDIS_URL} is set
 * @param models where other rules hold
 */
public record CacheSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("deterministic") Mode mode,
        @DefaultValue("1h") Duration ttl,
        @DefaultValue("64MB") DataSize maxSize,
        @DefaultValue("1MB") DataSize maxEntrySize,
        @DefaultValue("1MB") DataSize maxRequestSize,
        @DefaultValue("true") boolean singleFlight,
        @DefaultValue("60s") Duration patience,
        @DefaultValue("0ms") Duration pace,
        @DefaultValue Shared redis,
        List<Model> models) {

    public CacheSettings {
        models = models == null ? List.of() : List.copyOf(models);
    }

    /** Which requests are answered from it. */
    public enum Mode {
        /** Those that ask for the same answer each time: {@code temperature} 0, or a {@code seed}. */
        DETERMINISTIC,
        /** Every one. */
        ALL
    }

    /**
     * Where {@code REDIS_URL} is set.
     *
     * @param timeout the most that a look-up waits; later is a miss
     * @param memoryTtl how long memory keeps what is also in Redis
     */
    public record Shared(
            @DefaultValue("20ms") Duration timeout,
            @DefaultValue("10s") Duration memoryTtl) {}

    /**
     * @param name as clients ask for it, or the provider's with the provider in front ({@code openai/gpt-4o})
     * @param enabled whether answers of this model are kept
     * @param mode null: as for all
     * @param ttl null: as for all
     */
    public record Model(
            String name,
            @DefaultValue("true") boolean enabled,
            @Nullable Mode mode,
            @Nullable Duration ttl) {}
}
