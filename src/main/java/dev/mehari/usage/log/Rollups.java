package dev.mehari.usage.log;

import dev.mehari.cache.CacheUse;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ModelNames;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The sums of the present minute and hour, which charts are drawn from. They live here until their time is over; what is
 * written is always the whole sum so far. Belongs to the writer's thread.
 */
final class Rollups {
    static final int MINUTE = 60;
    static final int HOUR = 3600;
    private static final int[] SPANS = {MINUTE, HOUR};

    static final String UPSERT =
            "insert into request_rollup (span, start_at, replica, dimension, first_name, second_name,"
                    + " requests, errors, cache_hits, prompt_tokens, completion_tokens, cached_tokens, cost_nano_usd,"
                    + " streamed_tokens, streamed_us, total_times, first_token_times, overhead_times)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (span, start_at, dimension, first_name, second_name, replica) do update set"
                    + " requests = excluded.requests, errors = excluded.errors, cache_hits = excluded.cache_hits,"
                    + " prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,"
                    + " cached_tokens = excluded.cached_tokens, cost_nano_usd = excluded.cost_nano_usd,"
                    + " streamed_tokens = excluded.streamed_tokens, streamed_us = excluded.streamed_us,"
                    + " total_times = excluded.total_times, first_token_times = excluded.first_token_times,"
                    + " overhead_times = excluded.overhead_times";

    /** Each holds a few kilobytes: those who call with ever new keys must not fill the memory. */
    private static final int MOST_SUMS = 4000;

    private final Map<Key, Sum> sums = new HashMap<>();
    private final String replica;
    private final ModelNames models;

    private record Key(int span, long start, String dimension, String first, String second) {}

    private static final class Sum {
        boolean changed;
        long requests;
        long errors;
        long cacheHits;
        long promptTokens;
        long completionTokens;
        long cachedTokens;
        long costNanoUsd;
        long streamedTokens;
        long streamedMicros;
        final TimeBuckets total = new TimeBuckets();
        final TimeBuckets firstToken = new TimeBuckets();
        final TimeBuckets overhead = new TimeBuckets();
    }

    /** @param replica tells this run of this gateway from all others */
    Rollups(String replica, ModelNames models) {
        this.replica = replica;
        this.models = models;
    }

    /** @param endedSeconds since 1970 */
    void add(CallRecord call, long endedSeconds) {
        AttemptRecord served = call.served();
        String provider = served == null ? "" : served.provider();
        String model = served == null ? "" : models.of(served);
        String key = call.key() == null ? "" : call.key();
        String team = call.team() == null ? "" : call.team();
        for (int span : SPANS) {
            long start = endedSeconds - endedSeconds % span;
            add(new Key(span, start, "model", provider, model), call);
            add(new Key(span, start, "key", key, team), call);
        }
    }

    private void add(Key key, CallRecord call) {
        Sum sum = sums.get(key);
        if (sum == null) {
            if (sums.size() >= MOST_SUMS) {
                return;
            }
            sum = new Sum();
            sums.put(key, sum);
        }
        sum.changed = true;
        sum.requests++;
        sum.errors += call.error() == null ? 0 : 1;
        sum.cacheHits += call.cache() == CacheUse.HIT ? 1 : 0;
        Usage usage = call.usage();
        if (usage != null) {
            sum.promptTokens += orZero(usage.promptTokens());
            sum.completionTokens += orZero(usage.completionTokens());
            sum.cachedTokens += orZero(usage.count(UsageDetail.CACHED));
        }
        sum.costNanoUsd += orZero(call.costNanoUsd());
        if (usage != null && call.tokensPerSecond().isPresent()) {
            sum.streamedTokens += orZero(usage.completionTokens()) - 1;
            sum.streamedMicros += generation(call.served());
        }
        sum.total.add(call.times().total() / 1000);
        add(sum.firstToken, call.toFirstTokenNanos());
        add(sum.overhead, call.overheadNanos());
    }

    private static void add(TimeBuckets times, OptionalLong nanos) {
        if (nanos.isPresent()) {
            times.add(nanos.getAsLong() / 1000);
        }
    }

    private static long generation(@Nullable AttemptRecord served) {
        return served == null ? 0 : (served.times().lastToken() - served.times().firstToken()) / 1000;
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }

    /** Those that have changed since they were last asked for. */
    List<Row> changed() {
        List<Row> rows = new ArrayList<>();
        sums.forEach((key, sum) -> {
            if (sum.changed) {
                rows.add(new Row(replica, key, sum));
            }
        });
        return rows;
    }

    /** They were written; those whose time is over are forgotten. */
    void written(long nowSeconds) {
        sums.values().forEach(sum -> sum.changed = false);
        sums.keySet().removeIf(key -> key.start() + key.span() < nowSeconds - MINUTE);
    }

    /** A sum on its way into the database. */
    record Row(String replica, Key key, Sum sum) {
        void bind(PreparedStatement into) throws SQLException {
            into.setInt(1, key.span());
            into.setLong(2, key.start());
            into.setString(3, replica);
            into.setString(4, key.dimension());
            into.setString(5, key.first());
            into.setString(6, key.second());
            into.setLong(7, sum.requests);
            into.setLong(8, sum.errors);
            into.setLong(9, sum.cacheHits);
            into.setLong(10, sum.promptTokens);
            into.setLong(11, sum.completionTokens);
            into.setLong(12, sum.cachedTokens);
            into.setLong(13, sum.costNanoUsd);
            into.setLong(14, sum.streamedTokens);
            into.setLong(15, sum.streamedMicros);
            into.setString(16, sum.total.text());
            into.setString(17, sum.firstToken.text());
            into.setString(18, sum.overhead.text());
        }
    }
}
