package dev.mehari.routing;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How all deployments fare, by name: those of groups, and models that were asked for without one. Thread-safe. */
public final class Deployments {
    /** Clients choose the names of models; beyond so many they share one entry a provider. */
    private static final int MOST = 2000;

    private final Cooldown cooldown;
    private final InstantSource clock;
    private final Map<String, DeploymentState> byName = new ConcurrentHashMap<>();

    public Deployments(Cooldown cooldown, InstantSource clock) {
        this.cooldown = cooldown;
        this.clock = clock;
    }

    public DeploymentState of(Deployment deployment) {
        DeploymentState known = byName.get(deployment.name());
        if (known != null) {
            return known;
        }
        String name = byName.size() < MOST ? deployment.name() : Deployment.name(deployment.provider(), "*");
        return byName.computeIfAbsent(name, added -> new DeploymentState(added, cooldown, clock));
    }

    /** All so far, by name. */
    public Map<String, DeploymentState> all() {
        return new TreeMap<>(byName);
    }
}
