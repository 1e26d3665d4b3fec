package dev.mehari.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Deployments under a clock that the test moves. */
final class Fleet implements InstantSource, ProviderStatus {
    static final Needs ANY = new Needs(10, 0, false, false, true, null);

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    final Deployments deployments;
    final Planner planner = new Planner(this, this);
    final Map<String, Instant> shut = new HashMap<>();
    final List<String> unavailable = new ArrayList<>();

    Fleet() {
        this(Cooldown.DEFAULTS);
    }

    Fleet(Cooldown cooldown) {
        this.deployments = new Deployments(cooldown, this);
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public boolean isAvailable(String provider) {
        return !unavailable.contains(provider);
    }

    @Override
    public long shutUntilMillis(String provider) {
        return shut.getOrDefault(provider, Instant.EPOCH).toEpochMilli();
    }

    ModelGroup group(Strategy strategy, Deployment... members) {
        return new ModelGroup(
                "group",
                List.of(members).stream()
                        .map(deployment -> new ModelGroup.Member(deployment, deployments.of(deployment)))
                        .toList(),
                strategy,
                Rules.DEFAULTS);
    }

    ModelGroup group(Deployment... members) {
        return group(new Weighted(new Random(20261121)), members);
    }

    DeploymentState state(Deployment deployment) {
        return deployments.of(deployment);
    }

    /** The names of all that a call would try, were each to fail without a word about its health. */
    List<String> tried(ModelGroup group, Needs needs) {
        Plan plan = planner.plan(group, needs);
        List<String> names = new ArrayList<>();
        while (!plan.candidates().isEmpty()) {
            names.add(plan.take(plan.candidates().getFirst().deployment())
                    .deployment()
                    .name());
        }
        return names;
    }

    List<String> tried(ModelGroup group) {
        return tried(group, ANY);
    }

    String first(ModelGroup group) {
        return planner.plan(group, ANY).candidates().getFirst().deployment();
    }

    /** How often each is first in so many plans. */
    Map<String, Integer> firsts(ModelGroup group, int plans) {
        Map<String, Integer> firsts = new HashMap<>();
        for (int i = 0; i < plans; i++) {
            firsts.merge(first(group), 1, Integer::sum);
        }
        return firsts;
    }
}
