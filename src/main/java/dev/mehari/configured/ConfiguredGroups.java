package dev.mehari.configured;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.ModelGroupSettings;
import dev.mehari.config.RoutingSettings;
import dev.mehari.routing.Abilities;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.DeploymentLedger;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.LeastBusy;
import dev.mehari.routing.LeastLatency;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import dev.mehari.routing.Rules;
import dev.mehari.routing.Sticky;
import dev.mehari.routing.Strategy;
import dev.mehari.routing.Weighted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Makes the model groups of settings that have passed {@link RoutingChecks}. */
public final class ConfiguredGroups {
    /** Each thread's own generator, so that no two wait for each other. */
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final MehariSettings settings;
    private final Deployments deployments;
    private final Rules rules;

    /** @param deployments keep numbers, health and cooldowns of those that were known before */
    public ConfiguredGroups(MehariSettings settings, Deployments deployments) {
        this.settings = settings;
        this.deployments = deployments;
        this.rules = rules(settings.routing());
    }

    /** Anew at each call; deployments of known names stay the same objects. */
    public ModelGroups read() {
        Map<String, ModelGroup> groups = new HashMap<>();
        Map<String, String> aliases = new HashMap<>();
        for (ModelGroupSettings group : settings.models()) {
            if (group.alias() == null) {
                groups.put(group.name(), group(group));
            } else {
                aliases.put(group.name(), group.alias());
            }
        }
        Map<String, ModelGroup> byName = new HashMap<>(groups);
        for (String alias : aliases.keySet()) {
            String end = alias;
            while (aliases.containsKey(end)) {
                end = aliases.get(end);
            }
            byName.put(alias, groups.get(end));
        }
        return new ModelGroups(byName, rules);
    }

    private ModelGroup group(ModelGroupSettings group) {
        List<ModelGroup.Member> members = group.deployments().stream()
                .map(deployment -> deployment(group, deployment))
                .map(deployment -> new ModelGroup.Member(deployment, deployments.of(deployment)))
                .toList();
        RoutingSettings.Strategy strategy =
                group.strategy() == null ? settings.routing().strategy() : group.strategy();
        return new ModelGroup(group.name(), members, strategy(strategy), rules(group));
    }

    private Rules rules(ModelGroupSettings group) {
        return new Rules(
                group.retries() == null ? rules.retries() : group.retries(),
                group.maxAttempts() == null ? rules.maxAttempts() : group.maxAttempts(),
                group.deadline() == null ? rules.deadline() : group.deadline(),
                rules.firstPause(),
                rules.longestPause(),
                group.hedge());
    }

    private static Rules rules(RoutingSettings routing) {
        return new Rules(
                routing.retries(),
                routing.maxAttempts(),
                routing.deadline(),
                routing.backOff().first(),
                routing.backOff().longest(),
                null);
    }

    private static Strategy strategy(RoutingSettings.Strategy strategy) {
        return switch (strategy) {
            case WEIGHTED -> new Weighted(RANDOM);
            case LEAST_LATENCY -> new LeastLatency(RANDOM);
            case LEAST_BUSY -> new LeastBusy(RANDOM);
            case STICKY -> new Sticky(new Weighted(RANDOM));
        };
    }

    /** Also for the checks: two that would get the same name are the same. */
    static String name(ModelGroupSettings group, ModelGroupSettings.Deployment deployment) {
        return deployment.name() == null
                ? Deployment.name(deployment.provider(), model(group, deployment))
                : deployment.name();
    }

    private static String model(ModelGroupSettings group, ModelGroupSettings.Deployment deployment) {
        return deployment.model() == null ? group.name() : deployment.model();
    }

    private static Deployment deployment(ModelGroupSettings group, ModelGroupSettings.Deployment deployment) {
        return new Deployment(
                name(group, deployment),
                deployment.provider(),
                model(group, deployment),
                deployment.weight(),
                deployment.priority(),
                limits(deployment),
                new Abilities(deployment.contextLength(), deployment.vision(), deployment.tools()));
    }

    static DeploymentLedger.Limits limits(ModelGroupSettings.Deployment deployment) {
        return new DeploymentLedger.Limits(deployment.rpm(), deployment.tpm(), deployment.maxConcurrent());
    }
}
