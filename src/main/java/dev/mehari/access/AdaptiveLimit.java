package dev.mehari.access;

import java.time.Duration;
import java.util.function.IntSupplier;

/*
 * The gradient of Netflix's concurrency-limits (Gradient2Limit, github.com/Netflix/concurrency-limits, read 2026-11-21)
 * with another signal. There it is the time a call takes; of a language model that says how much it writes, and a slow
 * provider would shut the door for all others. Here it is how long work waits inside the gateway before it runs, which
 * grows when the machine is short of processor time and for no other reason, and has a limit that can be named.
 */

/** How many calls may be in flight, fewer while the gateway's own work has to wait. Thread-safe. */
public final class AdaptiveLimit implements IntSupplier {
    /** A wait that nobody notices beside the time of a model. */
    static final Duration TOLERATED = Duration.ofMillis(25);

    private static final double MOST_CUT = 0.5;
    private static final double SMOOTHING = 0.2;
    private static final int LEAST = 16;

    private final int most;
    private volatile double limit;

    /** @param most calls when there is nothing to complain about */
    public AdaptiveLimit(int most) {
        this.most = most;
        this.limit = most;
    }

    /**
     * Takes a measurement into account.
     *
     * @param delay how long work has waited in the gateway before it ran
     * @param inside calls in flight meanwhile
     */
    public synchronized void observe(Duration delay, int inside) {
        double gradient = Math.clamp((double) TOLERATED.toNanos() / Math.max(1, delay.toNanos()), MOST_CUT, 1);
        if (gradient == 1 && inside < limit / 2) {
            // That all is well with few calls says nothing about many.
            return;
        }
        // A limit that nobody reached has done nothing yet; what is cut is what was there.
        double from = gradient < 1 ? Math.min(limit, inside) : limit;
        double next = from * gradient + Math.sqrt(from);
        limit = Math.clamp(from + (next - from) * SMOOTHING, Math.min(LEAST, most), most);
    }

    @Override
    public int getAsInt() {
        return (int) limit;
    }
}
