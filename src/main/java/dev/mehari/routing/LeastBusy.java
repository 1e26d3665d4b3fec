package dev.mehari.routing;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** The one with the fewest attempts in flight for its weight; among equals by a draw on the weights. */
public final class LeastBusy implements Strategy {
    private final RandomGenerator random;

    /** @param random safe for concurrent use */
    public LeastBusy(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public String name() {
        return "least-busy";
    }

    @Override
    public void order(List<Pick> tier, Needs needs, long nowMillis) {
        Weighted.orderRest(tier, 0, random);
        // In flight counts move while we sort, which a sort does not bear: each is read once.
        List<Loaded> loaded = tier.stream()
                .map(pick -> new Loaded(pick, (pick.stats().inFlight() + 1) / pick.weight()))
                .sorted(Comparator.comparingDouble(Loaded::load))
                .toList();
        for (int i = 0; i < tier.size(); i++) {
            tier.set(i, loaded.get(i).pick());
        }
    }

    private record Loaded(Pick pick, double load) {}
}
