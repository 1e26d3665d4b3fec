package dev.mehari.access;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may do, and how its calls are treated. Immutable.
 *
 * @param models it may ask for, by the name it asks with
 * @param providers that may serve it
 * @param quota requests, tokens and calls at once
 * @param budget null: it may spend what its team may
 * @param noLog whether nothing of its requests and answers may be kept in logs, traces or caches
 * @param cache whether answers may come from the cache, and go there
 * @param strict as {@code mehari.strict-params}; null: as that says
 * @param metadata the operator's own words about it
 */
public record Policy(
        Names models,
        Names providers,
        Quota quota,
        @Nullable Budget budget,
        boolean noLog,
        CacheUse cache,
        @Nullable Boolean strict,
        Map<String, String> metadata) {
    /** Everything is allowed. */
    public static final Policy OPEN =
            new Policy(Names.ALL, Names.ALL, Quota.NONE, null, false, CacheUse.DEFAULT, null, Map.of());

    public Policy {
        metadata = Map.copyOf(metadata);
    }

    /** What may be done with the cache of answers. */
    public enum CacheUse {
        /** As the cache's settings say. */
        DEFAULT,
        /** Answers may come from it, and none are added. */
        READ,
        /** None come from it, none are added. */
        OFF
    }
}
