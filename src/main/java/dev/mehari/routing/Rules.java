package dev.mehari.routing;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How far a call goes to be answered.
 *
 * @param retries at the same deployment, of each attempt that may pass
 * @param maxAttempts requests sent in all, retries included
 * @param deadline of all attempts together, until a whole answer or the first token
 * @param firstPause before the first retry at most, doubled for each further one
 * @param longestPause the most
 * @param hedge after so long without a first token the next deployment is asked beside the first; null: never
 */
public record Rules(
        int retries,
        int maxAttempts,
        Duration deadline,
        Duration firstPause,
        Duration longestPause,
        @Nullable Duration hedge) {
    public static final Rules DEFAULTS =
            new Rules(0, 3, Duration.ofSeconds(600), Duration.ofMillis(200), Duration.ofSeconds(5), null);

    private static final int MOST_DOUBLINGS = 20;

    /**
     * How long to wait before the same deployment is asked again: anything up to a bound that doubles ("full jitter"), so
     * that calls that failed together do not come back together. Source: AWS Architecture Blog, "Exponential Backoff And
     * Jitter", 2015.
     *
     * @param retry 1 for the first
     */
    public Duration pause(int retry, RandomGenerator random) {
        long bound =
                Math.min(longestPause.toMillis(), firstPause.toMillis() * (1L << Math.min(retry - 1, MOST_DOUBLINGS)));
        return bound <= 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(bound + 1));
    }
}
