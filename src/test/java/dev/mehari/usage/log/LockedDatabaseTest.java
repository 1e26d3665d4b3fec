package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Records;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else holds the database: calls go on, what finds no room in the queue is dropped and counted. */
class LockedDatabaseTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static JsonNode log(Gateway gateway) {
        return ErrorCheck.tree(gateway.get("/stats").body()).get("request_log");
    }

    @Test
    void callsDoNotNoticeAndTheirRowsFollow(@TempDir Path folder) throws SQLException {
        String url = "jdbc:sqlite:" + folder.resolve("log.db");
        try (Gateway gateway = Gateway.start(
                "mehari.request-log.enabled=true",
                "mehari.request-log.queue=10",
                "mehari.database.url=" + url,
                "mehari.database.timeout=250ms")) {
            assertThat(gateway.chat(Answers.ask("demo", false)).statusCode()).isEqualTo(200);
            Eventually.holds(
                    SOON,
                    "the first row is written",
                    () -> log(gateway).get("written").asInt() == 1);
            try (Connection other = DriverManager.getConnection(url);
                    Statement lock = other.createStatement()) {
                lock.execute("begin exclusive");
                for (int i = 0; i < 30; i++) {
                    assertThat(gateway.chat(Answers.ask("demo", false)).statusCode())
                            .isEqualTo(200);
                }
                Eventually.holds(SOON, "the database is away", () -> !log(gateway)
                        .get("up")
                        .asBoolean());
                assertThat(log(gateway).get("dropped").asInt()).isGreaterThanOrEqualTo(10);
                assertThat(log(gateway).get("waiting").asInt()).isPositive();
                assertThat(gateway.get("/metrics").body()).contains("mehari_request_log_up 0.0");
                lock.execute("rollback");
            }
            Eventually.holds(
                    SOON,
                    "it is back",
                    () -> log(gateway).get("up").asBoolean()
                            && log(gateway).get("waiting").asInt() == 0);
            assertThat(log(gateway).get("written").asInt()
                            + log(gateway).get("dropped").asInt())
                    .isEqualTo(31);
        }
    }

    /** Twenty times as many as there is room for, faster than any gateway has calls. */
    @Test
    void whoTellsOfACallNeverWaits(@TempDir Path folder) throws SQLException {
        try (LogPlace place = LogPlace.at(folder, 1000)) {
            place.writer().ended(Records.plain("first"), null);
            Eventually.holds(
                    SOON,
                    "the first row is written",
                    () -> place.writer().status().written() == 1);
            try (Connection other = DriverManager.getConnection(place.url());
                    Statement lock = other.createStatement()) {
                lock.execute("begin exclusive");
                long longest = 0;
                long begun = System.nanoTime();
                for (int i = 0; i < 20_000; i++) {
                    long before = System.nanoTime();
                    place.writer().ended(Records.plain("call-" + i), null);
                    longest = Math.max(longest, System.nanoTime() - before);
                }
                // The database would have made one wait for two seconds.
                assertThat(longest).isLessThan(Duration.ofSeconds(1).toNanos());
                // At least 5,000 a second.
                assertThat(System.nanoTime() - begun)
                        .isLessThan(Duration.ofSeconds(4).toNanos());
                assertThat(place.writer().status().dropped()).isGreaterThanOrEqualTo(18_000);
                lock.execute("rollback");
            }
            Eventually.holds(
                    SOON,
                    "what had room is written",
                    () -> place.writer().status().waiting() == 0);
            RequestLogStatus status = place.writer().status();
            assertThat(status.written() + status.dropped()).isEqualTo(20_001);
        }
    }

    /** Sums are written without a call, and nobody may call while the dashboard says that the log is away. */
    @Test
    void thatTheDatabaseIsBackIsToldWithoutAnotherCall(@TempDir Path folder) throws SQLException {
        try (LogPlace place = LogPlace.at(folder, 1000)) {
            place.writer().ended(Records.plain("first"), null);
            Eventually.holds(
                    SOON,
                    "the first row is written",
                    () -> place.writer().status().written() == 1);
            try (Connection other = DriverManager.getConnection(place.url());
                    Statement sql = other.createStatement()) {
                sql.execute("alter table request_rollup rename to elsewhere");
                place.writer().ended(Records.plain("second"), null);
                Eventually.holds(SOON, "sums cannot be written", () -> !place.writer()
                        .status()
                        .there());
                sql.execute("alter table elsewhere rename to request_rollup");
            }
            Eventually.holds(SOON, "it is back", () -> place.writer().status().there());
            assertThat(place.writer().status().written()).isEqualTo(2);
        }
    }
}
