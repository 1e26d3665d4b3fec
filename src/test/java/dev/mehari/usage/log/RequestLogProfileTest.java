package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.store.Database;
import dev.mehari.testing.Records;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.ModelNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dashboard asks for, over many rows: {@code -Dprofile.rows=1000000} measures it and holds it to 200 ms; without,
 * fewer rows show that no query reads them all.
 */
class RequestLogProfileTest {
    private static final Logger log = LoggerFactory.getLogger(RequestLogProfileTest.class);
    private static final int ROWS = Integer.getInteger("profile.rows", 20_000);
    private static final int MODELS = 100;
    private static final boolean MEASURED = Integer.getInteger("profile.rows") != null;
    private static final long WEEK_MILLIS = Duration.ofDays(7).toMillis();

    private static final List<Map<String, String>> PAGES = List.of(
            Map.of(),
            Map.of("limit", "1000"),
            Map.of("from", "1h"),
            Map.of("from", "24h", "to", "12h"),
            Map.of("key", "key-7"),
            Map.of("key", "no-such-key"),
            Map.of("model", "model-3"),
            Map.of("provider", "rare", "from", "7d"),
            Map.of("status", "200"),
            Map.of("status", "502"),
            Map.of("status", "4xx"),
            Map.of("error_type", "any"),
            Map.of("error_type", "provider"),
            Map.of("error_type", "caller_gone"),
            Map.of("session", "session-123"),
            Map.of("request_id", "call-5000"),
            Map.of("model", "model-3", "error_type", "provider_timeout"),
            Map.of("provider", "openai", "key", "key-7", "status", "5xx"),
            Map.of("provider", "openai", "model", "no-such-model"),
            Map.of("provider", "openai", "error_type", "policy", "from", "7d"),
            Map.of("model", "model-3", "error_type", "mehari_overloaded"),
            Map.of("provider", "rare", "error_type", "any"),
            Map.of("provider", "openai", "session", "session-123"),
            Map.of("user", "nobody"),
            Map.of("team", "nobody"),
            Map.of("error_type", "none"),
            Map.of("text", "nothing-has-this", "provider", "openai"),
            Map.of("text", "session-12"),
            Map.of("text", "nothing-has-this"));

    private static final List<Map<String, String>> CHARTS = List.of(
            Map.of("window", "1h"),
            Map.of("window", "6h", "by", "model"),
            Map.of("window", "24h", "by", "model"),
            Map.of("window", "24h", "by", "key"),
            Map.of("window", "7d", "by", "provider"),
            Map.of("window", "7d", "by", "key"),
            Map.of("window", "7d", "by", "team"),
            Map.of("window", "24h", "by", "model", "provider", "openai"),
            Map.of("window", "7d", "by", "model"),
            Map.of("window", "30d", "by", "model"),
            Map.of("window", "30d", "by", "none"));

    @Test
    void noQueryOfADashboardReadsAllRows(@TempDir Path folder) {
        try (LogPlace place = LogPlace.at(folder, 10)) {
            fill(place.database());
            if (MEASURED) {
                busyMonth(place.database());
            }
            RequestLog requests = new RequestLog(place.database());
            CallSeries series = new CallSeries(place.database());
            Map<String, Double> took = new LinkedHashMap<>();
            for (Map<String, String> page : PAGES) {
                RequestFilter filter = RequestFilter.of(page);
                assertThat(plan(place.database(), filter)).as(page.toString()).doesNotContain("SCAN request_log");
                took.put("page " + new TreeMap<>(page), millis(() -> requests.page(filter)));
            }
            took.put("one call", millis(() -> requests.find("call-7000")));
            for (Map<String, String> chart : CHARTS) {
                SeriesQuery query = SeriesQuery.of(chart);
                took.put("chart " + new TreeMap<>(chart), millis(() -> series.points(query)));
            }
            took.forEach((what, time) -> log.info("{} rows: {} ms, {}", ROWS, time, what));
            if (MEASURED) {
                assertThat(took)
                        .allSatisfy((what, time) -> assertThat(time).as(what).isLessThanOrEqualTo(200));
            }
        }
    }

    private static String plan(Database database, RequestFilter filter) {
        return database.work(sql -> sql.sql("explain query plan " + RequestLog.select(filter, 0))
                .params(filter.bound())
                .param("before", filter.before())
                .query((row, number) -> row.getString("detail"))
                .list()
                .toString());
    }

    /** The best of five. */
    private static double millis(Runnable query) {
        double[] times = new double[5];
        for (int i = 0; i < times.length; i++) {
            long begun = System.nanoTime();
            query.run();
            times[i] = (System.nanoTime() - begun) / 1e6;
        }
        return Arrays.stream(times).min().orElseThrow();
    }

    /** Sums of a month in which each model is asked for in every hour, and in the last day in every minute. */
    private static void busyMonth(Database database) {
        Rollups rollups = new Rollups("there", new ModelNames(Set.of(), MODELS));
        long now = System.currentTimeMillis() / 1000;
        long at = now - Duration.ofDays(30).toSeconds();
        while (at < now) {
            for (int model = 0; model < MODELS; model++) {
                rollups.add(
                        Records.of("call", Instant.ofEpochSecond(at), "openai", "model-" + model, "key-1", null, null),
                        at);
            }
            List<Rollups.Row> sums = rollups.changed();
            database.batch(sql -> sql.batchUpdate(Rollups.UPSERT, sums, 5000, (into, row) -> row.bind(into)));
            rollups.written(at);
            at += at < now - Duration.ofDays(1).toSeconds() ? Rollups.HOUR : Rollups.MINUTE;
        }
    }

    private static void fill(Database database) {
        Random random = new Random(7);
        LogIds ids = new LogIds();
        Rollups rollups = new Rollups("here", new ModelNames(Set.of(), MODELS));
        long start = System.currentTimeMillis() - WEEK_MILLIS;
        List<LogRow> batch = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            long at = start + WEEK_MILLIS * i / ROWS;
            ErrorType error =
                    random.nextInt(20) == 0 ? ErrorType.values()[random.nextInt(ErrorType.values().length)] : null;
            var call = Records.of(
                    "call-" + i,
                    Instant.ofEpochMilli(at),
                    i % 100_000 == 77 ? "rare" : "openai",
                    "model-" + random.nextInt(MODELS),
                    "key-" + random.nextInt(50),
                    "session-" + random.nextInt(ROWS / 10),
                    error);
            batch.add(LogRow.of(ids.next(at * 1000), call, "test", null, null));
            rollups.add(call, at / 1000);
            if (batch.size() == 5000 || i == ROWS - 1) {
                database.batch(sql -> sql.batchUpdate(LogRow.INSERT, batch, 5000, (into, row) -> row.bind(into)));
                List<Rollups.Row> sums = rollups.changed();
                database.batch(sql -> sql.batchUpdate(Rollups.UPSERT, sums, 5000, (into, row) -> row.bind(into)));
                rollups.written(at / 1000);
                batch.clear();
            }
        }
    }
}
