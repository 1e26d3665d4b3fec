package dev.mehari.routing;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * By weight. The first is not thrown for, which would leave ten thousand calls a percent off, but taken in steps of the
 * golden ratio through the weights: any run of calls is spread as evenly as can be, without a lock and whatever
 * deployments come and go. Those that follow are drawn by weight among the rest.
 *
 * <p>Source: H. Weyl 1916; the golden ratio has the lowest discrepancy of all steps (Knuth, TAOCP vol. 3, 6.4).
 */
public final class Weighted implements Strategy {
    /** 2^64 divided by the golden ratio. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final AtomicLong position;
    private final RandomGenerator random;

    /** @param random safe for concurrent use; it also says where to begin, so that replicas do not march in step */
    public Weighted(RandomGenerator random) {
        this.random = random;
        this.position = new AtomicLong(random.nextLong());
    }

    @Override
    public String name() {
        return "weighted";
    }

    @Override
    public void order(List<Pick> tier, Needs needs, long nowMillis) {
        Collections.swap(tier, 0, at(tier, 0, unit(position.getAndAdd(STEP))));
        orderRest(tier, 1, random);
    }

    /** From 0 to 1, without 1. */
    private static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    /** Draws by weight, again and again among those left, from an index on. */
    static void orderRest(List<Pick> tier, int from, RandomGenerator random) {
        for (int i = from; i < tier.size() - 1; i++) {
            Collections.swap(tier, i, draw(tier, i, random));
        }
    }

    /** The index of one of those from an index on, drawn by weight. */
    static int draw(List<Pick> tier, int from, RandomGenerator random) {
        return at(tier, from, unit(random.nextLong()));
    }

    private static int at(List<Pick> tier, int from, double part) {
        double sum = 0;
        for (int i = from; i < tier.size(); i++) {
            sum += tier.get(i).weight();
        }
        double ticket = part * sum;
        for (int i = from; i < tier.size() - 1; i++) {
            ticket -= tier.get(i).weight();
            if (ticket < 0) {
                return i;
            }
        }
        return tier.size() - 1;
    }
}
