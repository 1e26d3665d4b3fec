package dev.mehari.routing;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The configured model groups by every name that clients may ask for, aliases included. Immutable. */
public final class ModelGroups {
    private final Map<String, ModelGroup> byName;

    public ModelGroups(Map<String, ModelGroup> byName) {
        this.byName = new TreeMap<>(byName);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public @Nullable ModelGroup find(String name) {
        return byName.get(name);
    }

    /** Of groups and their aliases. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Each once, whatever its aliases. */
    public Collection<ModelGroup> all() {
        return new LinkedHashSet<>(byName.values());
    }
}
