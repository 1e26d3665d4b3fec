package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.config.StartupException;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An older schema is brought up to date at start, a newer one is refused, and so is what can never be used. */
class SchemaVersionTest {
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

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anOlderOneIsBroughtUpToDate(Kind kind) {
        DatabaseAddress address = address(kind);
        Flyway.configure()
                .dataSource(address.url(), address.user(), address.password())
                .locations("classpath:db/migration")
                .placeholders(Map.of("bigid", kind == Kind.SQLITE ? "integer" : "bigint"))
                .target("8")
                .load()
                .migrate();
        try (Database database = open(address)) {
            database.openAtStart();
            assertThat(version(database)).isGreaterThan(8);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aNewerOneIsRefused(Kind kind) {
        DatabaseAddress address = address(kind);
        try (Database database = open(address)) {
            database.openAtStart();
            database.work(sql -> sql.sql("insert into \"flyway_schema_history\" (\"installed_rank\", \"version\","
                            + " \"description\", \"type\", \"script\", \"checksum\", \"installed_by\","
                            + " \"execution_time\", \"success\") values (99, '999', 'later', 'SQL', 'V999__later.sql', 1,"
                            + " 'later', 1, true)")
                    .update());
        }
        try (Database database = open(address)) {
            assertThatThrownBy(database::openAtStart)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(
                            "is newer: its schema has the version 999, and this Mehari knows versions up to 1")
                    .extracting(it -> ((StartupException) it).action())
                    .asString()
                    .contains("Run the newer version");
            assertThatThrownBy(() -> version(database)).isInstanceOf(StoreUnavailable.class);
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsRefused() throws Exception {
        Path taken = Files.createFile(folder.resolve("taken"));
        refused("jdbc:sqlite:" + taken.resolve("mehari.db"), "DATABASE_URL cannot be used");
        refused("jdbc:sqlite:" + folder, "DATABASE_URL cannot be used");
        Path text = Files.writeString(folder.resolve("text.db"), "this is no database, ".repeat(100));
        refused("jdbc:sqlite:" + text, "not a database");
    }

    @Test
    void aWrongUserOrDatabaseIsRefused() {
        DatabaseAddress right = address(Kind.POSTGRES);
        refused(right.url().replaceFirst("/[^/?]+(\\?.*)?$", "/nowhere") + "?user=" + right.user(), "nowhere");
        refused(right.url() + (right.url().contains("?") ? "&" : "?") + "user=nobody", "nobody");
    }

    @Test
    void oneThatIsNotThereIsWaitedFor() {
        try (Database database =
                open(DatabaseAddress.of("postgres://mehari@127.0.0.1:" + RedisServer.freePort() + "/mehari"))) {
            assertThatNoException().isThrownBy(database::openAtStart);
        }
    }

    private static void refused(String url, String words) {
        try (Database database = open(DatabaseAddress.of(url))) {
            assertThatThrownBy(database::openAtStart)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(words);
        }
    }

    private static double version(Database database) {
        return database.work(sql -> sql.sql("select max(cast(\"version\" as decimal)) from \"flyway_schema_history\"")
                .query(Double.class)
                .single());
    }

    private static Database open(DatabaseAddress address) {
        return new Database(address, Duration.ofSeconds(20));
    }

    private static DatabaseAddress address(Kind kind) {
        return switch (kind) {
            case SQLITE -> DatabaseAddress.of("jdbc:sqlite:" + folder.resolve(System.nanoTime() + ".db"));
            case POSTGRES -> {
                if (postgres == null) {
                    postgres = PostgresServer.start();
                }
                yield DatabaseAddress.of(postgres.newDatabase());
            }
        };
    }
}
