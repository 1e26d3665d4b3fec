package dev.mehari.spend;

import dev.mehari.chat.Usage;
import dev.mehari.price.Cost;
import org.jspecify.annotations.Nullable;

/**
 * What one call used at one deployment. Immutable.
 *
 * @param key id of the caller
 * @param team null: none
 * @param usage null: nothing is known of it
 * @param cost as far as it is known
 * @param source how it came about
 * @param last whether the call ended with it; others of the same call failed before
 * @param estimated whether usage was reckoned here, because the provider told none or not all
 */
public record Bill(
        String key,
        @Nullable String team,
        String provider,
        String model,
        @Nullable Usage usage,
        Cost cost,
        Source source,
        boolean last,
        boolean estimated) {
    /** How an answer came about. */
    public enum Source {
        /** The provider answered, or had begun to. */
        ANSWERED,
        /** The provider failed, or the client left before anything came. */
        FAILED,
        /** The gateway remembered it: it costs nothing. */
        RECALLED
    }
}
