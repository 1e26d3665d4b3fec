package dev.mehari.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How one deployment fares: its health, its numbers, and what its provider has left for us. Thread-safe. */
public final class DeploymentState {
    private final String name;
    private final InstantSource clock;
    private final DeploymentHealth health;
    private final DeploymentStats stats;
    private volatile Allowance allowance = Allowance.UNKNOWN;

    DeploymentState(String name, Cooldown cooldown, InstantSource clock) {
        this.name = name;
        this.clock = clock;
        this.health = new DeploymentHealth(cooldown, clock);
        this.stats = new DeploymentStats(clock);
    }

    public String name() {
        return name;
    }

    public DeploymentHealth health() {
        return health;
    }

    public DeploymentStats stats() {
        return stats;
    }

    /** What the provider last told of our limits there. */
    public Allowance allowance() {
        return allowance;
    }

    /** When it may be asked again; not in the future: now. */
    long dueMillis(long nowMillis) {
        return Math.max(health.dueMillis(nowMillis), allowance.dueMillis());
    }

    /** In milliseconds from now; zero when it may be asked. */
    public Duration dueIn() {
        long now = clock.millis();
        long due = dueMillis(now);
        return due <= now || due == Long.MAX_VALUE ? Duration.ZERO : Duration.ofMillis(due - now);
    }

    /**
     * A call is to be sent to it.
     *
     * @param evenCooling it is the last resort and goes out whatever the time
     * @return null: it is for another call to find out whether it is well again
     */
    public @Nullable Trial begin(boolean evenCooling) {
        return switch (health.admit(evenCooling)) {
            case NORMAL -> new Trial(this, false);
            case PROBE -> new Trial(this, true);
            case NONE -> null;
        };
    }

    void told(Allowance allowance) {
        this.allowance = allowance;
    }

    /**
     * What is left of a provider's limits.
     *
     * @param requests left; null: not told
     * @param requestsReset when there are more; null: not told
     */
    public record Allowance(
            @Nullable Long requests,
            @Nullable Instant requestsReset,
            @Nullable Long tokens,
            @Nullable Instant tokensReset) {
        static final Allowance UNKNOWN = new Allowance(null, null, null, null);

        /** When there is something left; not in the future: now. */
        long dueMillis() {
            return Math.max(due(requests, requestsReset), due(tokens, tokensReset));
        }

        private static long due(@Nullable Long left, @Nullable Instant reset) {
            return left == null || left > 0 || reset == null ? 0 : reset.toEpochMilli();
        }
    }
}
