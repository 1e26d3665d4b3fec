package dev.mehari.usage;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which models may be told apart in labels: those of the settings, and those that a provider has answered for, as far as
 * there is room. All others are {@code other}, whatever clients call them. Thread-safe.
 */
public final class ModelNames {
    /** For all that are not told apart. */
    public static final String OTHER = "other";

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final int most;

    /**
     * @param configured are always told apart
     * @param most how many there may be, those aside
     */
    public ModelNames(Set<String> configured, int most) {
        known.addAll(configured);
        this.most = known.size() + most;
    }

    /** The provider's model, as a label. */
    public String of(AttemptRecord attempt) {
        return of(attempt.model(), attempt.times().firstToken() != 0);
    }

    /** @param answered whether a provider has just answered for it */
    public String of(String model, boolean answered) {
        if (known.contains(model)) {
            return model;
        }
        if (answered && known.size() < most) {
            known.add(model);
            return model;
        }
        return OTHER;
    }
}
