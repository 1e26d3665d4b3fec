package dev.mehari.provider;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All configured providers by name. Immutable. */
public final class Providers {
    private final Map<String, Provider> byName;
    private final List<String> available;
    private final Map<String, Provider> byDeployment;

    public Providers(Collection<Provider> providers) {
        this(providers, Map.of());
    }

    /** @param byDeployment what a provider is for deployments, by their names, that have time-outs of their own */
    public Providers(Collection<Provider> providers, Map<String, Provider> byDeployment) {
        this.byDeployment = Map.copyOf(byDeployment);
        Map<String, Provider> sorted = new TreeMap<>();
        providers.forEach(provider -> sorted.put(provider.name(), provider));
        this.byName = sorted;
        this.available = sorted.values().stream()
                .filter(Provider::isAvailable)
                .map(Provider::name)
                .toList();
    }

    public @Nullable Provider find(String name) {
        return byName.get(name);
    }

    /** The names of those that calls can be sent to. */
    public List<String> available() {
        return available;
    }

    /** A provider as it is for one deployment, by both names. */
    public @Nullable Provider find(String name, String deployment) {
        Provider own = byDeployment.get(deployment);
        return own == null ? byName.get(name) : own;
    }

    /** By name. */
    public Collection<Provider> all() {
        return List.copyOf(byName.values());
    }
}
