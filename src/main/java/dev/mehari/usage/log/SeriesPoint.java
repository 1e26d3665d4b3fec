package dev.mehari.usage.log;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sums of one step of one series. Not thread-safe. */
public final class SeriesPoint {
    static final List<String> NUMBERS = List.of(
            "requests",
            "errors",
            "cache_hits",
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "cost_nano_usd",
            "streamed_tokens",
            "streamed_us");

    /** Texts that put one behind the other tell the sum. */
    static final List<String> TIMES = List.of("total_times", "first_token_times", "overhead_times");

    private long requests;
    private long errors;
    private long cacheHits;
    private long promptTokens;
    private long completionTokens;
    private long cachedTokens;
    private long costNanoUsd;
    private long streamedTokens;
    private long streamedMicros;
    private final TimeBuckets total = new TimeBuckets();
    private final TimeBuckets firstToken = new TimeBuckets();
    private final TimeBuckets overhead = new TimeBuckets();

    static SeriesPoint read(ResultSet row) throws SQLException {
        SeriesPoint point = new SeriesPoint();
        point.requests = row.getLong("requests");
        point.errors = row.getLong("errors");
        point.cacheHits = row.getLong("cache_hits");
        point.promptTokens = row.getLong("prompt_tokens");
        point.completionTokens = row.getLong("completion_tokens");
        point.cachedTokens = row.getLong("cached_tokens");
        point.costNanoUsd = row.getLong("cost_nano_usd");
        point.streamedTokens = row.getLong("streamed_tokens");
        point.streamedMicros = row.getLong("streamed_us");
        add(point.total, row.getString("total_times"));
        add(point.firstToken, row.getString("first_token_times"));
        add(point.overhead, row.getString("overhead_times"));
        return point;
    }

    /** Null: nothing was measured. */
    private static void add(TimeBuckets times, @Nullable String text) {
        if (text != null) {
            times.add(text);
        }
    }

    long requests() {
        return requests;
    }

    SeriesPoint plus(SeriesPoint other) {
        add(other);
        return this;
    }

    /** Adds what another one holds. */
    public void add(SeriesPoint other) {
        requests += other.requests;
        errors += other.errors;
        cacheHits += other.cacheHits;
        promptTokens += other.promptTokens;
        completionTokens += other.completionTokens;
        cachedTokens += other.cachedTokens;
        costNanoUsd += other.costNanoUsd;
        streamedTokens += other.streamedTokens;
        streamedMicros += other.streamedMicros;
        total.add(other.total.text());
        firstToken.add(other.firstToken.text());
        overhead.add(other.overhead.text());
    }

    /** As JSON shows it; what is not known is null. */
    public Map<String, @Nullable Object> told() {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("requests", requests);
        told.put("errors", errors);
        told.put("cache_hits", cacheHits);
        told.put("prompt_tokens", promptTokens);
        told.put("completion_tokens", completionTokens);
        told.put("cached_tokens", cachedTokens);
        told.put("cost_usd", costNanoUsd / 1e9);
        told.put("tokens_per_second", streamedMicros == 0 ? null : rounded(streamedTokens * 1e6 / streamedMicros));
        told.put("total_ms", percentiles(total));
        told.put("first_token_ms", percentiles(firstToken));
        told.put("overhead_ms", percentiles(overhead));
        return told;
    }

    private static @Nullable Map<String, Object> percentiles(TimeBuckets times) {
        if (times.count() == 0) {
            return null;
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("p50", rounded(times.percentileMillis(0.5)));
        told.put("p95", rounded(times.percentileMillis(0.95)));
        told.put("p99", rounded(times.percentileMillis(0.99)));
        return told;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
