package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What is too much for the settings goes, the oldest first; by what it takes, too. */
class RetentionTest {
    private static final String BODY = "{\"messages\":\"" + "word ".repeat(800) + "\"}";
    private static final int ROWS = 3000;
    private static final DataSize MOST = DataSize.ofMegabytes(4);

    /** Rows that end one after the other, a millisecond apart. */
    private static final class Rows {
        private final LogIds ids = new LogIds();
        private long millis = System.currentTimeMillis() - 1_000_000;

        void write(Database database, int count, String body) {
            List<LogRow> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                var call = Records.of(
                        "req_" + millis + "0123456",
                        Instant.ofEpochMilli(millis),
                        "openai",
                        "gpt-4o",
                        "key-1",
                        null,
                        null);
                batch.add(LogRow.of(ids.next(millis * 1000), call, "test", body, null));
                millis++;
            }
            database.batch(sql -> {
                sql.batchUpdate(LogRow.INSERT, batch, 1000, (into, row) -> row.bind(into));
                LogSize.grow(sql, batch);
            });
        }
    }

    private static Retention retention(Database database, long rows, DataSize size) {
        return new Retention(database, new RequestLogSettings(true, 10, Duration.ofDays(30), rows, size));
    }

    private static int forgetAll(Database database, long rows, DataSize size) {
        Retention retention = retention(database, rows, size);
        int gone = 0;
        for (int more = retention.forget(); more > 0; more = retention.forget()) {
            gone += more;
        }
        return gone;
    }

    private static LogSize size(Database database) {
        return database.work(LogSize::of);
    }

    private static long count(Database database) {
        return database.work(sql ->
                sql.sql("select count(*) from request_log").query(Long.class).single());
    }

    @Test
    void inSqliteTheFileGrowsNoFurther(@TempDir Path folder) {
        try (LogPlace place = LogPlace.at(folder, 10)) {
            Database database = place.database();
            Rows rows = new Rows();
            rows.write(database, ROWS, BODY);
            assertThat(forgetAll(database, 0, MOST)).isPositive();
            keepsTheNewest(database);
            // Within the reckoning's error; other tables are nearly empty.
            long used = pages(database, "page_count") - pages(database, "freelist_count");
            assertThat(used * pages(database, "page_size")).isBetween(MOST.toBytes() / 2, MOST.toBytes() * 3 / 2);
            long largest = pages(database, "page_count");
            for (int i = 0; i < 3; i++) {
                rows.write(database, ROWS, BODY);
                forgetAll(database, 0, MOST);
            }
            assertThat(pages(database, "page_count")).isLessThan(largest * 3 / 2);
        }
    }

    @Test
    void inPostgresToo() {
        try (PostgresServer server = PostgresServer.start();
                LogPlace place = LogPlace.at(server.newDatabase(), 10)) {
            new Rows().write(place.database(), ROWS, BODY);
            assertThat(forgetAll(place.database(), 0, MOST)).isPositive();
            keepsTheNewest(place.database());
        }
    }

    private static void keepsTheNewest(Database database) {
        LogSize left = size(database);
        assertThat(left.rows()).isEqualTo(count(database)).isLessThan(ROWS);
        assertThat(left.bytes()).isBetween(MOST.toBytes() * 9 / 10, MOST.toBytes());
        long newest = database.work(sql -> sql.sql("select max(id) - min(id) from request_log")
                .query(Long.class)
                .single());
        assertThat(LogIds.micros(newest)).isLessThanOrEqualTo(left.rows() * 1000);
        assertThat(new RequestLog(database).page(RequestFilter.of(Map.of())).rows())
                .hasSize(50);
    }

    @Test
    void aShortRowIsReckonedAsWhatItTakes(@TempDir Path folder) {
        try (LogPlace place = LogPlace.at(folder, 10)) {
            Database database = place.database();
            size(database);
            long before = pages(database, "page_count");
            new Rows().write(database, 20_000, null);
            long took = (pages(database, "page_count") - before) * pages(database, "page_size");
            assertThat(size(database).bytes()).isBetween(took * 2 / 3, took * 3 / 2);
        }
    }

    @Test
    void rowsAreCountedExactly(@TempDir Path folder) {
        try (LogPlace place = LogPlace.at(folder, 10)) {
            Database database = place.database();
            new Rows().write(database, 2500, null);
            Retention retention = retention(database, 1234, DataSize.ofBytes(0));
            assertThat(List.of(retention.forget(), retention.forget(), retention.forget()))
                    .containsExactly(1000, 266, 0);
            assertThat(retention.size().rows()).isEqualTo(1234);
        }
    }

    @Test
    void rowsThatSomebodyElseHasDeletedAreNoLongerCounted(@TempDir Path folder) {
        try (LogPlace place = LogPlace.at(folder, 10)) {
            Database database = place.database();
            new Rows().write(database, 100, null);
            database.work(sql -> sql.sql("delete from request_log").update());
            retention(database, 10, MOST).forget();
            assertThat(size(database)).isEqualTo(new LogSize(0, 0));
        }
    }

    private static long pages(Database database, String pragma) {
        return database.work(
                sql -> sql.sql("pragma " + pragma).query(Long.class).single());
    }
}
