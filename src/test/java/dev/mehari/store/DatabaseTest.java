package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.StoreRefused;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What counts as a database that is away, and what does not. */
class DatabaseTest {
    private static PostgresServer postgres;

    @TempDir
    private static Path folder;

    enum Kind {
        SQLITE,
        POSTGRES
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static PostgresServer postgres() {
        if (postgres == null) {
            postgres = PostgresServer.start();
        }
        return postgres;
    }

    private static Database open(Kind kind) {
        String url =
                switch (kind) {
                    case SQLITE -> "jdbc:sqlite:" + folder.resolve(System.nanoTime() + ".db");
                    case POSTGRES -> postgres().newDatabase();
                };
        Database database = new Database(DatabaseAddress.of(url), Duration.ofSeconds(20));
        database.work(sql ->
                sql.sql("create table word (text varchar(2000) primary key)").update());
        return database;
    }

    private static int insert(Database database, String text) {
        return database.work(sql -> sql.sql("insert into word (text) values (:text)")
                .param("text", text)
                .update());
    }

    private static String same(Database database, String text) {
        return database.work(sql ->
                sql.sql("select :text").param("text", text).query(String.class).single());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatItRefusesClosesItToNobody(Kind kind) {
        try (Database database = open(kind)) {
            insert(database, "a");
            assertThatThrownBy(() -> insert(database, "a")).isInstanceOf(StoreRefused.class);
            assertThat(insert(database, "b")).isEqualTo(1);
            assertThatThrownBy(() -> database.batch(sql ->
                            sql.batchUpdate("insert into word (text) values ('c')", "insert into word values ('a')")))
                    .isInstanceOf(StoreRefused.class);
            assertThat(insert(database, "c"))
                    .as("nothing of the batch was done")
                    .isEqualTo(1);
        }
    }

    @Test
    void aCharacterThatPostgresDoesNotHoldClosesItToNobody() {
        try (Database database = open(Kind.POSTGRES)) {
            assertThatThrownBy(() -> same(database, "nul\u0000")).isInstanceOf(StoreRefused.class);
            assertThat(same(database, "fine")).isEqualTo("fine");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aDefectOfOursClosesItToNobody(Kind kind) {
        try (Database database = open(kind)) {
            assertThatThrownBy(() -> database.work(
                            sql -> sql.sql("select * from nowhere").query().listOfRows()))
                    .isInstanceOf(StoreUnavailable.class);
            assertThat(same(database, "fine")).isEqualTo("fine");
            assertThatThrownBy(() -> database.work(sql -> {
                        throw new IllegalStateException("ours");
                    }))
                    .isInstanceOf(StoreUnavailable.class);
            assertThat(same(database, "fine")).isEqualTo("fine");
        }
    }

    @Test
    void whoWaitedInLineWhileItCouldNotBeOpenedDoesNotTryAgain() throws Exception {
        try (PostgresServer hanging = PostgresServer.start();
                Database database = new Database(DatabaseAddress.of(hanging.newDatabase()), Duration.ofSeconds(2));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            hanging.hang();
            List<Callable<Object>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(() -> {
                    assertThatThrownBy(database::require).isInstanceOf(StoreUnavailable.class);
                    return true;
                });
            }
            // One after the other they would take 2 s each.
            List<Future<Object>> done = threads.invokeAll(calls, 60, TimeUnit.SECONDS);
            assertThat(done).noneMatch(Future::isCancelled);
            for (Future<Object> call : done) {
                call.get();
            }
        }
    }

    @Test
    void whileAnotherHoldsItSqliteIsAway() throws SQLException {
        String url = "jdbc:sqlite:" + folder.resolve("locked.db");
        try (Database database = new Database(DatabaseAddress.of(url), Duration.ofMillis(250))) {
            database.work(
                    sql -> sql.sql("create table word (text text primary key)").update());
            try (Connection other = DriverManager.getConnection(url);
                    Statement lock = other.createStatement()) {
                lock.execute("begin exclusive");
                assertThatThrownBy(() -> insert(database, "a")).isInstanceOf(StoreUnavailable.class);
                lock.execute("rollback");
            }
            Eventually.holds(Duration.ofSeconds(30), "it is used again", () -> {
                try {
                    return insert(database, "a") == 1;
                } catch (StoreUnavailable notYet) {
                    return false;
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "08006, AWAY",
        "25006, AWAY",
        "40P01, AWAY",
        "53300, AWAY",
        "57P01, AWAY",
        "58030, AWAY",
        "XX000, AWAY",
        "22021, REFUSED",
        "23505, REFUSED",
        "54000, REFUSED",
        "42P01, DEFECT",
        "42501, DEFECT"
    })
    void thePostgresStateTells(String state, DatabaseFault fault) {
        assertThat(DatabaseFault.of(new IllegalStateException(new SQLException("it failed", state))))
                .isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource({
        "5, AWAY",
        "6, AWAY",
        "8, AWAY",
        "10, AWAY",
        "13, AWAY",
        "14, AWAY",
        "0, AWAY",
        "18, REFUSED",
        "19, REFUSED",
        "1, DEFECT"
    })
    void theCodeOfSqliteTells(int code, DatabaseFault fault) {
        assertThat(DatabaseFault.of(new IllegalStateException(new SQLException("it failed", null, code))))
                .isEqualTo(fault);
    }
}
