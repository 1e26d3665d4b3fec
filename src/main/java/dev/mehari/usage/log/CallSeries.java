package dev.mehari.usage.log;

import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Numbers of calls over time, for charts: made of the sums a minute and an hour. Blocks. Thread-safe. */
public final class CallSeries {
    private static final List<String> GROUPS = List.of("none", "provider", "model", "key", "team");
    private static final List<String> PARAMETERS =
            List.of("window", "to", "step", "by", "provider", "model", "key", "team");
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final Duration MINUTES_REACH = Duration.ofHours(36);
    private static final int POINTS = 60;
    private static final int MOST_POINTS = 1500;

    /** The busiest; the rest are one series. */
    private static final int MOST_SERIES = 20;

    /** The name of that one. */
    public static final String REST = "(others)";

    private final Database database;

    public CallSeries(Database database) {
        this.database = database;
    }

    /**
     * What is asked for.
     *
     * @param fromSeconds since 1970, a multiple of the step, as is {@code toSeconds}
     * @param span of the sums that it is made of, in seconds
     * @param by which names tell series apart
     * @param names that the sums must have, by {@code first_name} and {@code second_name}
     */
    public record Query(
            long fromSeconds, long toSeconds, int stepSeconds, int span, String by, Map<String, String> names) {
        /**
         * Reads query parameters.
         *
         * @throws InvalidRequest naming every one that is unknown or makes no sense
         */
        public static Query of(Map<String, String> query) {
            List<String> wrong = new ArrayList<>();
            for (String name : new TreeSet<>(query.keySet())) {
                if (!PARAMETERS.contains(name)) {
                    wrong.add(name + " is no parameter; there are " + String.join(", ", PARAMETERS));
                }
            }
            Duration window = duration(query, "window", Duration.ofHours(1), wrong);
            if (window.compareTo(LONGEST) > 0 || window.compareTo(Duration.ofMinutes(1)) < 0) {
                wrong.add("window must be from 1m to " + LONGEST.toDays() + "d");
            }
            int span = window.compareTo(MINUTES_REACH) > 0 ? Rollups.HOUR : Rollups.MINUTE;
            long step = duration(query, "step", Duration.ofSeconds(step(window, span)), wrong)
                    .toSeconds();
            if (step < span || step % span != 0 || window.toSeconds() / Math.max(1, step) > MOST_POINTS) {
                wrong.add("step must be a multiple of " + span + "s for that window, and make at most " + MOST_POINTS
                        + " points");
            }
            String by = query.getOrDefault("by", "none");
            if (!GROUPS.contains(by)) {
                wrong.add("by must be one of " + String.join(", ", GROUPS));
            }
            boolean ofKeys =
                    by.equals("key") || by.equals("team") || query.containsKey("key") || query.containsKey("team");
            boolean ofModels = by.equals("provider")
                    || by.equals("model")
                    || query.containsKey("provider")
                    || query.containsKey("model");
            if (ofKeys && ofModels) {
                wrong.add("keys and teams are summed apart from providers and models: ask for one or the other");
            }
            Long to = new QueryTimes().micros(query.getOrDefault("to", "0s"));
            if (to == null) {
                wrong.add("to must be " + QueryTimes.FORMS);
            }
            if (to == null || !wrong.isEmpty()) {
                throw new InvalidRequest("invalid_filter", null, String.join("; ", wrong));
            }
            long end = Math.ceilDiv(to / 1_000_000 + 1, step) * step;
            long start = Math.floorDiv(end - window.toSeconds(), step) * step;
            return new Query(start, end, (int) step, span, by, names(query, ofKeys));
        }

        private static Duration duration(
                Map<String, String> query, String name, Duration otherwise, List<String> wrong) {
            String value = query.get(name);
            Duration duration = value == null ? otherwise : QueryTimes.duration(value);
            if (duration == null) {
                wrong.add(name + " must be a duration such as 15m, 24h or 7d");
                return otherwise;
            }
            return duration;
        }

        /** About sixty points, at round times. */
        private static long step(Duration window, int span) {
            long wanted = Math.max(span, window.toSeconds() / POINTS);
            for (long round : new long[] {60, 300, 900, 3600, 4 * 3600, 24 * 3600}) {
                if (round >= wanted && round >= span) {
                    return round;
                }
            }
            return 7 * 24 * 3600;
        }

        private static Map<String, String> names(Map<String, String> query, boolean ofKeys) {
            Map<String, String> names = new TreeMap<>();
            String first = query.get(ofKeys ? "key" : "provider");
            String second = query.get(ofKeys ? "team" : "model");
            if (first != null) {
                names.put("first_name", first);
            }
            if (second != null) {
                names.put("second_name", second);
            }
            names.put("dimension", ofKeys ? "key" : "model");
            return names;
        }
    }

    /** Sums of one step of one series. */
    public static final class Point {
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

        /** Adds what another one holds. */
        public void add(Point other) {
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

    /** Points by the names of their series, and then by the second since 1970 that they begin at. */
    public Map<List<String>, TreeMap<Long, Point>> points(Query query) {
        Map<List<String>, TreeMap<Long, Point>> series = new LinkedHashMap<>();
        database.work(sql -> {
            read(sql, query, series);
            return series;
        });
        return series;
    }

    private static void read(JdbcClient sql, Query query, Map<List<String>, TreeMap<Long, Point>> series) {
        Map<List<String>, Long> counts = new HashMap<>();
        ask(sql, query, "first_name, second_name, sum(requests) as requests", " group by first_name, second_name")
                .query(row -> {
                    counts.merge(names(query.by(), row), row.getLong("requests"), Long::sum);
                });
        Set<List<String>> busiest = counts.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Long>comparingByValue().reversed())
                .limit(MOST_SERIES)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        ask(sql, query, "*", "").query(row -> {
            long start = row.getLong("start_at");
            List<String> names = names(query.by(), row);
            Point point = series.computeIfAbsent(
                            busiest.contains(names) ? names : List.of(REST), name -> new TreeMap<>())
                    .computeIfAbsent(start - start % query.stepSeconds(), at -> new Point());
            point.requests += row.getLong("requests");
            point.errors += row.getLong("errors");
            point.cacheHits += row.getLong("cache_hits");
            point.promptTokens += row.getLong("prompt_tokens");
            point.completionTokens += row.getLong("completion_tokens");
            point.cachedTokens += row.getLong("cached_tokens");
            point.costNanoUsd += row.getLong("cost_nano_usd");
            point.streamedTokens += row.getLong("streamed_tokens");
            point.streamedMicros += row.getLong("streamed_us");
            point.total.add(row.getString("total_times"));
            point.firstToken.add(row.getString("first_token_times"));
            point.overhead.add(row.getString("overhead_times"));
        });
    }

    private static JdbcClient.StatementSpec ask(JdbcClient sql, Query query, String columns, String grouping) {
        StringBuilder select = new StringBuilder("select " + columns
                + " from request_rollup where span = :span and start_at >= :from and start_at < :to");
        query.names()
                .keySet()
                .forEach(name ->
                        select.append(" and ").append(name).append(" = :").append(name));
        return sql.sql(select.append(grouping).toString())
                .param("span", query.span())
                .param("from", query.fromSeconds())
                .param("to", query.toSeconds())
                .params(query.names());
    }

    private static List<String> names(String by, ResultSet row) throws SQLException {
        String first = row.getString("first_name");
        String second = row.getString("second_name");
        return switch (by) {
            case "provider", "key" -> List.of(first);
            case "model" -> List.of(first, second);
            case "team" -> List.of(second);
            default -> List.of();
        };
    }
}
