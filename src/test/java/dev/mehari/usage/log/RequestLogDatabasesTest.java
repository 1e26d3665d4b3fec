package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.Records;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ErrorType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The same log in SQLite and in PostgreSQL. */
class RequestLogDatabasesTest {
    @Test
    void inSqlite(@TempDir Path folder) {
        keepsShowsAndForgets("jdbc:sqlite:" + folder.resolve("log.db"));
    }

    @Test
    void inPostgres() {
        try (PostgresServer server = PostgresServer.start()) {
            keepsShowsAndForgets(server.newDatabase());
        }
    }

    @Test
    void aRowThatSqliteRefusesIsDroppedAlone(@TempDir Path folder) {
        dropsAlone(
                "jdbc:sqlite:" + folder.resolve("refused.db"),
                Records.of(null, Instant.now(), "openai", "gpt-4o", "key-1", null, null));
    }

    /** Its sum is refused as well. */
    @Test
    void aRowThatPostgresRefusesIsDroppedAlone() {
        try (PostgresServer server = PostgresServer.start()) {
            dropsAlone(
                    server.newDatabase(), Records.of("bad", Instant.now(), "nul\u0000", "gpt-4o", "key-1", null, null));
        }
    }

    private static void dropsAlone(String url, CallRecord bad) {
        try (LogPlace place = LogPlace.at(url, 100)) {
            place.writer().ended(Records.plain("first"), null);
            place.writer().ended(bad, null);
            place.writer().ended(Records.plain("last"), null);
            Eventually.holds(
                    Duration.ofSeconds(30),
                    "all are dealt with",
                    () -> place.writer().status().waiting() == 0);
            RequestLogStatus status = place.writer().status();
            assertThat(status.written()).isEqualTo(2);
            assertThat(status.dropped()).isEqualTo(1);
            assertThat(ids(new RequestLog(place.database()), Map.of())).containsExactly("last", "first");
            CallSeries series = new CallSeries(place.database());
            Eventually.holds(Duration.ofSeconds(30), "the other sums are written", () -> series.points(
                            SeriesQuery.of(Map.of("window", "1h", "by", "model")))
                    .containsKey(List.of("openai", "gpt-4o")));
        }
    }

    private static void keepsShowsAndForgets(String url) {
        Instant now = Instant.now();
        try (LogPlace place = LogPlace.at(url, 100)) {
            place.writer().ended(record("old", now.minus(Duration.ofDays(40)), null), null);
            place.writer().ended(record("fine", now.minusSeconds(20), null), null);
            place.writer().ended(record("failed", now.minusSeconds(10), ErrorType.PROVIDER_TIMEOUT), null);
            Eventually.holds(
                    Duration.ofSeconds(30),
                    "all are written",
                    () -> place.writer().status().written() == 3);
            RequestLog log = new RequestLog(place.database());
            assertThat(ids(log, Map.of())).containsExactly("failed", "fine", "old");
            assertThat(ids(log, Map.of("error_type", "provider", "key", "key-1", "status", "5xx")))
                    .containsExactly("failed");
            assertThat(ids(log, Map.of("text", "FIN", "stream", "true", "from", "1h")))
                    .containsExactly("fine");
            assertThat(log.find("failed")).containsEntry("error_type", "provider_timeout");
            CallSeries series = new CallSeries(place.database());
            Eventually.holds(Duration.ofSeconds(30), "the sums are written", () -> !series.points(
                            SeriesQuery.of(Map.of("window", "1h", "by", "model")))
                    .isEmpty());
            assertThat(series.points(SeriesQuery.of(Map.of("window", "1h", "by", "model"))))
                    .containsOnlyKeys(List.of("openai", "gpt-4o"), List.of("openai", "other"));

            assertThat(forget(place.database(), 100)).isEqualTo(1);
            assertThat(ids(log, Map.of())).containsExactly("failed", "fine");
            assertThat(forget(place.database(), 1)).isEqualTo(1);
            assertThat(ids(log, Map.of())).containsExactly("failed");
        }
    }

    /** Of a model that only a provider that answered could have made known. */
    private static dev.mehari.usage.CallRecord record(String id, Instant received, ErrorType error) {
        return Records.of(id, received, "openai", error == null ? "gpt-4o" : "unheard-of", "key-1", null, error);
    }

    private static int forget(Database database, long most) {
        return new Retention(
                        database, new RequestLogSettings(true, 10, Duration.ofDays(30), most, DataSize.ofGigabytes(10)))
                .forget();
    }

    private static List<Object> ids(RequestLog log, Map<String, String> filter) {
        return log.page(RequestFilter.of(filter)).rows().stream()
                .map(row -> row.get("request_id"))
                .toList();
    }
}
