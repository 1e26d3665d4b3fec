package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that is full, read-only or gone (one that is locked: {@link LockedDatabaseTest}). Calls go on, {@code /stats},
 * of which the dashboard makes its banner, and {@code /metrics} say so, rows are dropped and counted, and all is well again
 * by itself.
 */
class DatabaseInTroubleTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int QUEUE = 10;
    private static final String LONG_QUESTION = "word ".repeat(6000);

    private static Gateway gateway(String url) {
        return Gateway.start(
                "mehari.request-log.enabled=true",
                "mehari.request-log.queue=" + QUEUE,
                "mehari.content.capture=full",
                "mehari.demo.word-delay=0ms",
                "mehari.database.url=" + url,
                "mehari.database.timeout=500ms");
    }

    private static JsonNode log(Gateway gateway) {
        return ErrorCheck.tree(gateway.get("/stats").body()).get("request_log");
    }

    private static void call(Gateway gateway) {
        String ask = Answers.ask("demo", false).replace("\"hi\"", "\"" + LONG_QUESTION + "\"");
        assertThat(gateway.chat(ask).statusCode()).isEqualTo(200);
    }

    /** Calls until the log has lost some, all of which are answered; then what operators are told. */
    private static void losesRowsAndSaysSo(Gateway gateway) {
        Eventually.holds(SOON, "the database takes nothing and rows are lost", () -> {
            call(gateway);
            return !log(gateway).get("up").asBoolean()
                    && log(gateway).get("dropped").asInt() > 0;
        });
        assertThat(log(gateway).get("waiting").asInt()).isLessThanOrEqualTo(QUEUE);
        String metrics = gateway.get("/metrics").body();
        assertThat(metrics).contains("mehari_request_log_up 0.0", "mehari_database_up 0.0");
        assertThat(metrics.lines().filter(line -> line.startsWith("mehari_request_log_dropped_total ")))
                .noneMatch(line -> line.endsWith(" 0.0"));
        assertThat(ErrorCheck.tree(gateway.get("/stats").body())
                        .at("/database/up")
                        .asBoolean(true))
                .isFalse();
    }

    private static void isWellAgain(Gateway gateway) {
        Eventually.holds(
                SOON,
                "what waited is written",
                () -> log(gateway).get("up").asBoolean()
                        && log(gateway).get("waiting").asInt() == 0);
        int written = log(gateway).get("written").asInt();
        int dropped = log(gateway).get("dropped").asInt();
        call(gateway);
        Eventually.holds(SOON, "new rows are", () -> log(gateway).get("written").asInt() > written);
        assertThat(log(gateway).get("dropped").asInt()).isEqualTo(dropped);
        assertThat(gateway.get("/metrics").body()).contains("mehari_request_log_up 1.0", "mehari_database_up 1.0");
    }

    private static void warmUp(Gateway gateway) {
        call(gateway);
        Eventually.holds(
                SOON,
                "the first row is written",
                () -> log(gateway).get("written").asInt() == 1);
    }

    @Test
    void full(@TempDir Path folder) throws SQLException {
        String url = "jdbc:sqlite:" + folder.resolve("log.db");
        try (Gateway gateway = gateway(url + "?max_page_count=150")) {
            warmUp(gateway);
            losesRowsAndSaysSo(gateway);
            // Somebody makes room.
            try (Connection other = DriverManager.getConnection(url);
                    Statement statement = other.createStatement()) {
                statement.execute("pragma busy_timeout = 10000");
                statement.execute("delete from request_log");
            }
            isWellAgain(gateway);
        }
    }

    @Test
    void movedAway(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("log.db");
        Path elsewhere = folder.resolve("elsewhere.db");
        try (Gateway gateway = gateway("jdbc:sqlite:" + file)) {
            warmUp(gateway);
            Files.move(file, elsewhere);
            losesRowsAndSaysSo(gateway);
            Files.move(elsewhere, file);
            isWellAgain(gateway);
        }
    }

    @Test
    void readOnlyAndThenGone() throws SQLException {
        try (PostgresServer server = PostgresServer.start()) {
            String url = server.newDatabase();
            try (Gateway gateway = gateway(url)) {
                warmUp(gateway);
                readOnly(url, true);
                losesRowsAndSaysSo(gateway);
                readOnly(url, false);
                isWellAgain(gateway);

                server.kill();
                int before = log(gateway).get("dropped").asInt();
                Eventually.holds(SOON, "more rows are lost", () -> {
                    call(gateway);
                    return log(gateway).get("dropped").asInt() > before;
                });
                losesRowsAndSaysSo(gateway);
                server.restart();
                isWellAgain(gateway);
            }
        }
    }

    /** As after a failover to a replica, or when a disk is nearly full. */
    private static void readOnly(String url, boolean on) throws SQLException {
        DatabaseAddress address = DatabaseAddress.of(url);
        try (Connection other = DriverManager.getConnection(address.url(), address.user(), address.password());
                Statement statement = other.createStatement()) {
            statement.execute("alter system set default_transaction_read_only = " + (on ? "on" : "off"));
            statement.execute("select pg_reload_conf()");
        }
    }
}
