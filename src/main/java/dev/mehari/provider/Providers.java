package dev.mehari.provider;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All configured providers by name. Immutable. */
public final class Providers {
    private final Map<String, Provider> byName;

    public Providers(Collection<Provider> providers) {
        Map<String, Provider> sorted = new TreeMap<>();
        providers.forEach(provider -> sorted.put(provider.name(), provider));
        this.byName = sorted;
    }

    public @Nullable Provider find(String name) {
        return byName.get(name);
    }

    /** By name. */
    public Collection<Provider> all() {
        return List.copyOf(byName.values());
    }
}
