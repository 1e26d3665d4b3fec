package dev.mehari.routing;

import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The faster of two that are drawn by weight, by their moving averages: time to the first token for streams, to the end
 * for whole answers. Two choices are enough to keep load off the slow, and few enough that not everyone runs to the one
 * that was fastest a moment ago. One that was not measured lately counts as fast, and so gets measured.
 *
 * <p>Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
 */
public final class LeastLatency implements Strategy {
    private final RandomGenerator random;

    /** @param random safe for concurrent use */
    public LeastLatency(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public String name() {
        return "least-latency";
    }

    @Override
    public void order(List<Pick> tier, Needs needs, long nowMillis) {
        Weighted.orderRest(tier, 0, random);
        double first = tier.get(0).stats().recent(needs.stream(), nowMillis);
        double second = tier.get(1).stats().recent(needs.stream(), nowMillis);
        if (second < first) {
            Collections.swap(tier, 0, 1);
        }
    }
}
