package dev.mehari.routing;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configured model groups by every name that clients may ask for, aliases included, and the rules for models that no
 * group names. They may be replaced while calls are on their way. Thread-safe.
 */
public final class ModelGroups {
    private volatile State state;

    private record State(Map<String, ModelGroup> byName, Rules rules) {}

    /** @param rules for models that no group names */
    public ModelGroups(Map<String, ModelGroup> byName, Rules rules) {
        this.state = new State(new TreeMap<>(byName), rules);
    }

    /** Lets others take the place of all these, in one write. */
    public void replace(ModelGroups others) {
        state = others.state;
    }

    /** For models that no group names. */
    public Rules rules() {
        return state.rules();
    }

    public boolean has(String name) {
        return state.byName().containsKey(name);
    }

    public @Nullable ModelGroup find(String name) {
        return state.byName().get(name);
    }

    /** Of groups and their aliases. */
    public Set<String> names() {
        return state.byName().keySet();
    }

    /** Each once, whatever its aliases. */
    public Collection<ModelGroup> all() {
        return new LinkedHashSet<>(state.byName().values());
    }
}
