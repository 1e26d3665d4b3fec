package dev.mehari.keys;

import dev.mehari.access.Budget;
import dev.mehari.access.Caller;
import dev.mehari.access.Names;
import dev.mehari.access.Policy;
import dev.mehari.access.Policy.CacheUse;
import dev.mehari.access.Quota;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says about a key. Immutable.
 *
 * @param expires null: never
 * @param rpm requests a minute
 * @param tpm tokens a minute
 * @param concurrency calls at once
 */
public record KeyRules(
        @Nullable String name,
        @Nullable String team,
        List<String> models,
        List<String> providers,
        @Nullable Instant expires,
        boolean disabled,
        @Nullable Integer rpm,
        @Nullable Long tpm,
        @Nullable Integer concurrency,
        @Nullable Budget budget,
        boolean noLog,
        CacheUse cache,
        @Nullable Boolean strict,
        Map<String, String> metadata) {
    public KeyRules {
        models = List.copyOf(models);
        providers = List.copyOf(providers);
        metadata = Map.copyOf(metadata);
    }

    /** Who calls with it. */
    public Caller caller(String id) {
        return new Caller(
                id,
                name,
                team,
                new Policy(
                        new Names(models),
                        new Names(providers),
                        new Quota(rpm, tpm, concurrency),
                        budget,
                        noLog,
                        cache,
                        strict,
                        metadata));
    }
}
