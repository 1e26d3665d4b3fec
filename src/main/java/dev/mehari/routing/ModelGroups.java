package dev.mehari.routing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The configured model groups: names that clients ask for, and the deployments behind each. Immutable. */
public final class ModelGroups {
    private final Map<String, List<Deployment>> byName;

    public ModelGroups(Map<String, List<Deployment>> byName) {
        this.byName = new TreeMap<>(byName);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** The deployments of a group; none when there is no such group. */
    public Collection<Deployment> deployments(String name) {
        return byName.getOrDefault(name, List.of());
    }

    public Set<String> names() {
        return byName.keySet();
    }
}
