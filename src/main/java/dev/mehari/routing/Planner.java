package dev.mehari.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Orders the deployments of a group for one call: by priority, and within one by a draw on the weights. Thread-safe. */
public final class Planner {
    private final RandomGenerator random;

    /** @param random safe for concurrent use */
    public Planner(RandomGenerator random) {
        this.random = random;
    }

    /** Every deployment once, the one to try first in front. */
    public List<Deployment> plan(Collection<Deployment> deployments) {
        if (deployments.size() == 1) {
            return List.copyOf(deployments);
        }
        TreeMap<Integer, List<Deployment>> tiers = new TreeMap<>();
        deployments.forEach(deployment -> tiers.computeIfAbsent(deployment.priority(), tier -> new ArrayList<>())
                .add(deployment));
        List<Deployment> plan = new ArrayList<>(deployments.size());
        for (List<Deployment> tier : tiers.values()) {
            while (!tier.isEmpty()) {
                plan.add(tier.remove(draw(tier)));
            }
        }
        return plan;
    }

    private int draw(List<Deployment> tier) {
        // As long: weights are an operator's, and two large ones go beyond an int.
        long ticket =
                random.nextLong(tier.stream().mapToLong(Deployment::weight).sum());
        int index = 0;
        while ((ticket -= tier.get(index).weight()) >= 0) {
            index++;
        }
        return index;
    }
}
