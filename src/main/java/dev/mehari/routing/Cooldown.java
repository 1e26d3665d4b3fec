package dev.mehari.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a deployment is left out, and for how long.
 *
 * @param failures in a row after which it is left out
 * @param errorRate from 0 to 1, as a moving average, above which it is left out
 * @param first how long after the first time; twice as long each further time
 * @param refused the same where waiting alone rarely helps: quota, key, model
 * @param longest the most, whatever upstream asked for; zero: nothing is ever left out
 * @param rampUp over which its traffic returns
 */
public record Cooldown(
        int failures, double errorRate, Duration first, Duration refused, Duration longest, Duration rampUp) {
    public static final Cooldown DEFAULTS = new Cooldown(
            3, 0.5, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofSeconds(30));

    private static final int MOST_DOUBLINGS = 20;

    /**
     * How long it is left out.
     *
     * @param evictions how often it was left out since it was last well, this time included
     * @param retryAfter what upstream asked for, which then counts
     */
    Duration duration(FailureClass why, int evictions, @Nullable Duration retryAfter) {
        Duration base = retryAfter;
        if (base == null) {
            boolean mayPass = why.mayPass();
            base = (mayPass ? first : refused).multipliedBy(1L << Math.min(evictions - 1, MOST_DOUBLINGS));
        }
        return base.compareTo(longest) > 0 ? longest : base;
    }
}
