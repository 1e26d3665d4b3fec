package dev.mehari.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.keys}: the keys that clients call with, beside {@code mehari.access.api-keys}. Immutable.
 *
 * @param required whether a key is asked for although the settings name none: all keys are issued ones
 * @param list keys that need no database, known by their hashes
 * @param teams what keys of one team may spend together
 * @param remembered how many issued keys are kept in memory
 * @param rememberedFor how long one is used before the database is asked again; a key that was taken back elsewhere may
 *     open for twice as long
 * @param rotationGrace how long the secret before it opens, when a key gets another
 * @param reservation how long a reservation stands that nobody gives back, since its gateway has died; longer than any
 *     call takes
 * @param completionTokens what is reserved for an answer whose request sets no limit
 */
public record KeySettings(
        @DefaultValue("false") boolean required,
        List<Key> list,
        List<Team> teams,
        @DefaultValue("10000") int remembered,
        @DefaultValue("15s") Duration rememberedFor,
        @DefaultValue("24h") Duration rotationGrace,
        @DefaultValue("30m") Duration reservation,
        @DefaultValue("1000") int completionTokens) {

    public KeySettings {
        list = list == null ? List.of() : List.copyOf(list);
        teams = teams == null ? List.of() : List.copyOf(teams);
    }

    /**
     * A key.
     *
     * @param name what the operator calls it
     * @param keyHash {@code sha256:} and 64 hexadecimal digits, of the whole key
     * @param team whose budget it shares
     * @param models it may ask for; empty: all. {@code *} stands for any characters
     * @param providers that may serve it; empty: all
     * @param expires null: never
     * @param disabled whether it opens nothing for now
     * @param rpm requests a minute
     * @param tpm tokens a minute
     * @param concurrency calls at once
     * @param budget in US dollars
     * @param budgetPeriod after which it begins anew
     * @param noLog whether nothing of its requests and answers is kept
     * @param cache what may be done with the cache of answers
     * @param strict as {@code strict-params}; null: as that says
     * @param metadata the operator's own words
     */
    public record Key(
            @Nullable String name,
            @Nullable String keyHash,
            @Nullable String team,
            List<String> models,
            List<String> providers,
            @Nullable Instant expires,
            @DefaultValue("false") boolean disabled,
            @Nullable Integer rpm,
            @Nullable Long tpm,
            @Nullable Integer concurrency,
            @Nullable BigDecimal budget,
            @DefaultValue("month") Period budgetPeriod,
            @DefaultValue("false") boolean noLog,
            @DefaultValue("default") CacheUse cache,
            @Nullable Boolean strict,
            Map<String, String> metadata) {
        public Key {
            name = MehariSettings.blankToNull(name);
            keyHash = MehariSettings.blankToNull(keyHash);
            team = MehariSettings.blankToNull(team);
            models = models == null ? List.of() : List.copyOf(models);
            providers = providers == null ? List.of() : List.copyOf(providers);
            metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
        }
    }

    /**
     * What a team may spend.
     *
     * @param name of the team
     * @param budget in US dollars
     * @param budgetPeriod after which it begins anew
     */
    public record Team(
            @Nullable String name,
            @Nullable BigDecimal budget,
            @DefaultValue("month") Period budgetPeriod) {
        public Team {
            name = MehariSettings.blankToNull(name);
        }
    }

    /** After which a budget begins anew, at midnight UTC. */
    public enum Period {
        DAY,
        /** From Monday. */
        WEEK,
        MONTH,
        /** Never. */
        TOTAL
    }

    /** What may be done with the cache of answers. */
    public enum CacheUse {
        /** All. */
        DEFAULT,
        /** It takes answers and gives none. */
        READ,
        /** Nothing. */
        OFF
    }
}
