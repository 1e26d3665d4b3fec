package dev.mehari.cache;

import dev.mehari.config.CacheSettings;
import dev.mehari.config.CacheSettings.Mode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For which models answers are kept, which of them, and how long. Immutable. */
public final class CacheRules {
    private final @Nullable Terms forAll;
    private final Map<String, @Nullable Terms> byName = new HashMap<>();
    private final boolean off;

    /** For one model. */
    public record Terms(Mode mode, Duration ttl) {}

    public CacheRules(CacheSettings settings) {
        forAll = settings.enabled() ? new Terms(settings.mode(), settings.ttl()) : null;
        for (CacheSettings.Model model : settings.models()) {
            Terms terms = new Terms(
                    model.mode() == null ? settings.mode() : model.mode(),
                    model.ttl() == null ? settings.ttl() : model.ttl());
            byName.put(model.name(), model.enabled() ? terms : null);
        }
        off = forAll == null && byName.values().stream().allMatch(terms -> terms == null);
    }

    /** Whether there is no model whose answers are kept. */
    public boolean isOff() {
        return off;
    }

    /**
     * The terms of a model; null: its answers are not kept.
     *
     * @param asked its name as the client wrote it; null: the client named none
     * @param resolved as {@link CacheKey#model()}
     */
    public @Nullable Terms of(@Nullable String asked, String resolved) {
        if (byName.containsKey(resolved)) {
            return byName.get(resolved);
        }
        return asked != null && byName.containsKey(asked) ? byName.get(asked) : forAll;
    }
}
