package dev.mehari.configured;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.ModelGroupSettings;
import dev.mehari.config.ProviderSettings;
import dev.mehari.config.RoutingSettings;
import dev.mehari.config.SettingPlaces;
import dev.mehari.config.StartupException;
import dev.mehari.provider.Providers;
import dev.mehari.routing.DeploymentLedger.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds mistakes in {@code mehari.models} and {@code mehari.routing} at start, and says at which line they stand. */
public final class RoutingChecks {
    private static final Duration ANY = Duration.ofSeconds(1);

    private final MehariSettings settings;
    private final Providers providers;
    private final SettingPlaces places;

    /** Limits by the name of their deployment, as all groups must have them. */
    private final Map<String, Limits> limits = new HashMap<>();

    private final Map<String, Optional<ModelGroupSettings.OwnTimeouts>> timeouts = new HashMap<>();

    /** @param providers those that deployments may name */
    public RoutingChecks(MehariSettings settings, Providers providers, SettingPlaces places) {
        this.settings = settings;
        this.providers = providers;
        this.places = places;
    }

    /** @throws StartupException for the first mistake */
    public void run() {
        checkRouting();
        Set<String> names = new HashSet<>();
        List<ModelGroupSettings> groups = settings.models();
        for (int i = 0; i < groups.size(); i++) {
            String at = "mehari.models[" + i + "]";
            ModelGroupSettings group = groups.get(i);
            if (MehariSettings.isBlank(group.name())) {
                throw mistake(
                        firstOf(at + ".alias", at + ".deployments[0].provider"),
                        "a model group has no name",
                        "Give each entry of mehari.models a name.");
            }
            if (!names.add(group.name())) {
                throw mistake(
                        at + ".name",
                        "model group \"" + group.name() + "\" is there twice",
                        "Keep one of them under mehari.models.");
            }
            if (group.alias() == null) {
                checkGroup(at, group);
            }
        }
        for (int i = 0; i < groups.size(); i++) {
            checkAlias("mehari.models[" + i + "]", groups.get(i));
        }
    }

    private void checkRouting() {
        RoutingSettings routing = settings.routing();
        RoutingSettings.Cooldown cooldown = routing.cooldown();
        atLeast("mehari.routing.retries", "retries", routing.retries(), 0);
        atLeast("mehari.routing.max-attempts", "max-attempts", routing.maxAttempts(), 1);
        atLeast("mehari.routing.cooldown.failures", "failures", cooldown.failures(), 1);
        if (!(cooldown.errorRate() > 0 && cooldown.errorRate() <= 1)) {
            throw mistake(
                    "mehari.routing.cooldown.error-rate",
                    "error-rate is " + cooldown.errorRate(),
                    "Give a part of all attempts, above 0 and up to 1.");
        }
        if (!routing.deadline().isPositive()) {
            throw mistake("mehari.routing.deadline", "deadline is " + routing.deadline(), "Give a time, such as 600s.");
        }
    }

    private void checkGroup(String at, ModelGroupSettings group) {
        String who = "model group \"" + group.name() + "\" ";
        if (group.deployments().isEmpty()) {
            throw mistake(
                    at + ".name",
                    who + "has no deployment",
                    "Add one under mehari.models in application.yaml, or remove the group.");
        }
        atLeast(at + ".retries", who + "has retries", group.retries(), 0);
        atLeast(at + ".max-attempts", who + "has max-attempts", group.maxAttempts(), 1);
        if (group.deadline() != null && !group.deadline().isPositive()) {
            throw mistake(at + ".deadline", who + "has a deadline of " + group.deadline(), "Give a time, such as 30s.");
        }
        if (group.hedge() != null && !group.hedge().isPositive()) {
            throw mistake(at + ".hedge", who + "has a hedge of " + group.hedge(), "Give a time, such as 800ms.");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < group.deployments().size(); i++) {
            checkDeployment(
                    at + ".deployments[" + i + "]",
                    who,
                    group,
                    group.deployments().get(i),
                    names);
        }
    }

    private void checkDeployment(
            String at,
            String who,
            ModelGroupSettings group,
            ModelGroupSettings.Deployment deployment,
            Set<String> names) {
        if (MehariSettings.isBlank(deployment.provider())) {
            throw mistake(
                    firstOf(at + ".model", at + ".weight", at + ".priority"),
                    who + "has a deployment without a provider",
                    "Give each deployment under mehari.models the name of a provider.");
        }
        if (providers.find(deployment.provider()) == null) {
            throw mistake(
                    at + ".provider",
                    who + "names provider \"" + deployment.provider() + "\", which is not configured",
                    "Add it under mehari.providers in application.yaml, or correct its name.");
        }
        atLeast(at + ".weight", who + "has a deployment of weight", deployment.weight(), 1);
        atLeast(
                at + ".priority",
                who + "has a deployment that is never reached, as priorities count from 1; its priority is",
                deployment.priority(),
                1);
        atLeast(at + ".rpm", who + "has a deployment with rpm", deployment.rpm(), 1);
        atLeast(at + ".tpm", who + "has a deployment with tpm", deployment.tpm(), 1);
        atLeast(at + ".max-concurrent", who + "has a deployment with max-concurrent", deployment.maxConcurrent(), 1);
        atLeast(at + ".context-length", who + "has a deployment with context-length", deployment.contextLength(), 1);
        String name = ConfiguredGroups.name(group, deployment);
        checkTimeouts(at, who, name, deployment);
        if (!names.add(name)) {
            throw mistake(
                    at + ".provider",
                    who + "has the deployment " + name + " twice",
                    "Keep one of them with the weight of both, or give one a name of its own.");
        }
        Limits known = limits.putIfAbsent(name, ConfiguredGroups.limits(deployment));
        if (known != null && !known.equals(ConfiguredGroups.limits(deployment))) {
            throw mistake(
                    at + ".provider",
                    who + "gives the deployment " + name + " other limits than another group does",
                    "Give both the same rpm, tpm and max-concurrent, or give one a name of its own.");
        }
    }

    private void checkTimeouts(String at, String who, String name, ModelGroupSettings.Deployment deployment) {
        ModelGroupSettings.OwnTimeouts own = deployment.timeouts();
        if (own != null
                && !new ProviderSettings.Timeouts(ANY, ANY, ANY, ANY).with(own).arePositive()) {
            throw mistake(
                    at + ".provider", who + "has a deployment with a time-out that is not positive", "Give it a time.");
        }
        Optional<ModelGroupSettings.OwnTimeouts> known = timeouts.putIfAbsent(name, Optional.ofNullable(own));
        if (known != null && !known.equals(Optional.ofNullable(own))) {
            throw mistake(
                    at + ".provider",
                    who + "gives the deployment " + name + " other timeouts than another group does",
                    "Give both the same, or give one a name of its own.");
        }
    }

    private void checkAlias(String at, ModelGroupSettings group) {
        if (group.alias() == null) {
            return;
        }
        String who = "model group \"" + group.name() + "\" ";
        if (!group.deployments().isEmpty()) {
            throw mistake(
                    at + ".alias",
                    who + "has both an alias and deployments",
                    "Keep one of the two, or make two groups.");
        }
        Set<String> way = new LinkedHashSet<>(List.of(group.name()));
        String next = group.alias();
        while (next != null) {
            if (!way.add(next)) {
                throw mistake(
                        at + ".alias",
                        who + "is an alias in a circle: " + String.join(" → ", way) + " → " + next,
                        "Let one of them name a group that has deployments.");
            }
            ModelGroupSettings named = find(next);
            if (named == null) {
                throw mistake(
                        at + ".alias",
                        who + "is an alias of \"" + next + "\", which is no model group",
                        "Name one of mehari.models.");
            }
            next = named.alias();
        }
    }

    private @Nullable ModelGroupSettings find(String name) {
        return settings.models().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void atLeast(String at, String what, @Nullable Number value, long least) {
        if (value != null && value.longValue() < least) {
            throw mistake(at, what + " " + value, "Give it " + least + " or more.");
        }
    }

    /** The first of these settings that stands in a file. */
    private String firstOf(String... settings) {
        for (String setting : settings) {
            if (!places.of(setting).isEmpty()) {
                return setting;
            }
        }
        return settings[0];
    }

    private StartupException mistake(String at, String what, String action) {
        return new StartupException(places.of(at) + what, action);
    }
}
