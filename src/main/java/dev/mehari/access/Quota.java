package dev.mehari.access;

import org.jspecify.annotations.Nullable;

/**
 * How much a key may ask for at once and within a minute. Immutable.
 *
 * @param requestsPerMinute null: no limit
 * @param tokensPerMinute prompt and completion together; null: no limit
 * @param concurrentCalls null: no limit
 */
public record Quota(
        @Nullable Integer requestsPerMinute,
        @Nullable Long tokensPerMinute,
        @Nullable Integer concurrentCalls) {
    public static final Quota NONE = new Quota(null, null, null);

    /** Whether nothing is limited. */
    public boolean isNone() {
        return requestsPerMinute == null && tokensPerMinute == null && concurrentCalls == null;
    }
}
