package dev.mehari.provider;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All configured providers by name. They may be replaced while calls are on their way. Thread-safe. */
public final class Providers {
    private volatile State state;

    /**
     * @param byDeployment what a provider is for deployments, by their names, that have time-outs of their own
     * @param departed those that were there once: a call that was planned before may still come to them
     */
    private record State(
            SortedMap<String, Provider> byName,
            List<String> available,
            Map<String, Provider> byDeployment,
            Map<String, Provider> departed) {}

    public Providers(Collection<Provider> providers) {
        this(providers, Map.of());
    }

    /** @param byDeployment what a provider is for deployments, by their names, that have time-outs of their own */
    public Providers(Collection<Provider> providers, Map<String, Provider> byDeployment) {
        SortedMap<String, Provider> sorted = new TreeMap<>();
        providers.forEach(provider -> sorted.put(provider.name(), provider));
        List<String> available = sorted.values().stream()
                .filter(Provider::isAvailable)
                .map(Provider::name)
                .toList();
        this.state = new State(sorted, available, Map.copyOf(byDeployment), Map.of());
    }

    /** Lets others take the place of all these, in one write. */
    public synchronized void replace(Providers others) {
        State before = state;
        State after = others.state;
        Map<String, Provider> departed = new HashMap<>(before.departed());
        departed.putAll(before.byName());
        departed.keySet().removeAll(after.byName().keySet());
        state = new State(after.byName(), after.available(), after.byDeployment(), Map.copyOf(departed));
    }

    public @Nullable Provider find(String name) {
        return state.byName().get(name);
    }

    /** Also one that has been removed since the call began that asks for it. */
    public @Nullable Provider findEvenDeparted(String name) {
        State now = state;
        Provider provider = now.byName().get(name);
        return provider == null ? now.departed().get(name) : provider;
    }

    /** The names of those that calls can be sent to. */
    public List<String> available() {
        return state.available();
    }

    /** A provider as it is for one deployment that a call has planned to ask, by both names. */
    public @Nullable Provider find(String name, String deployment) {
        Provider own = state.byDeployment().get(deployment);
        return own == null ? findEvenDeparted(name) : own;
    }

    /** By name. */
    public Collection<Provider> all() {
        return List.copyOf(state.byName().values());
    }
}
