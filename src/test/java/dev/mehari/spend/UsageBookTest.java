package dev.mehari.spend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Usage;
import dev.mehari.price.Cost;
import dev.mehari.spend.UsageReport.Part;
import dev.mehari.spend.UsageReport.Question;
import dev.mehari.spend.UsageReport.Sum;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills that the database does not take hold up no others. */
class UsageBookTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void inSqlite(@TempDir Path folder) {
        writesAllButWhatIsRefused("jdbc:sqlite:" + folder.resolve("usage.db"), bill("bad", null, "m"));
    }

    @Test
    void inPostgres() {
        try (PostgresServer server = PostgresServer.start()) {
            writesAllButWhatIsRefused(server.newDatabase(), bill("bad", "p", "nul\u0000"));
        }
    }

    private static Bill bill(String key, String provider, String model) {
        return new Bill(
                key, "t", provider, model, Usage.of(10L, 5L), new Cost(7, true), Bill.Source.ANSWERED, true, false);
    }

    private static void writesAllButWhatIsRefused(String url, Bill bad) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
        LocalDate today = LocalDate.parse("2026-11-21");
        try (Database database = new Database(DatabaseAddress.of(url), Duration.ofSeconds(20));
                UsageBook book = new UsageBook(database, clock, (purse, nanos) -> {})) {
            // While the first is written the others gather in one batch.
            book.note(bill("a", "p", "m"), List.of());
            book.note(bad, List.of());
            book.note(bill("z", "p", "m"), List.of());
            book.note(bad, List.of());
            assertThat(book.flush(SOON)).isTrue();
            assertThat(book.lost()).isEqualTo(2);
            book.note(bill("z", "p", "m"), List.of());
            assertThat(book.flush(SOON)).isTrue();
            List<Sum> sums = new UsageReport(database).ask(new Question(today, today, EnumSet.of(Part.KEY), Map.of()));
            assertThat(sums).extracting(sum -> sum.parts().get(Part.KEY)).containsExactly("a", "z");
            assertThat(sums).extracting(Sum::requests).containsExactly(1L, 2L);
        }
    }

    @Test
    void aBatchWhoseEndNobodyHeardOfIsNotBilledTwiceInSqlite(@TempDir Path folder) {
        isBilledOnce("jdbc:sqlite:" + folder.resolve("usage.db"));
    }

    @Test
    void aBatchWhoseEndNobodyHeardOfIsNotBilledTwiceInPostgres() {
        try (PostgresServer server = PostgresServer.start()) {
            isBilledOnce(server.newDatabase());
        }
    }

    private static void isBilledOnce(String url) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
        LocalDate today = LocalDate.parse("2026-11-21");
        UsageRow.Key key = new UsageRow.Key(today.toString(), "a", "t", "p", "m");
        List<UsageRow> batch = List.of(UsageRow.of(bill("a", "p", "m"), key));
        try (Database database = new Database(DatabaseAddress.of(url), Duration.ofSeconds(20))) {
            UsageStore one = new UsageStore(database, clock);
            UsageStore other = new UsageStore(database, clock);
            one.addOnce(batch, 1);
            one.addOnce(batch, 1);
            other.addOnce(batch, 1);
            one.addOnce(batch, 2);
            one.forgetOthers();
            one.addOnce(batch, 2);
            List<Sum> sums = new UsageReport(database).ask(new Question(today, today, EnumSet.of(Part.KEY), Map.of()));
            assertThat(sums).extracting(Sum::requests).containsExactly(3L);
        }
    }

    @Test
    void aRowThatIsWrittenAloneIsNotBilledTwiceWhenTheDatabasesWordIsLost(@TempDir Path folder) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
        LocalDate today = LocalDate.parse("2026-11-21");
        try (Database database = new Database(
                        DatabaseAddress.of("jdbc:sqlite:" + folder.resolve("usage.db")), Duration.ofSeconds(20));
                UsageBook book = new UsageBook(new Forgetful(database, clock), clock, (purse, nanos) -> {})) {
            // The first opens the database; the others are one batch, which one of them spoils.
            for (String key : List.of("first", "a", "b", "c")) {
                book.note(bill(key, "p", "m"), List.of());
            }
            book.note(bill("bad", null, "m"), List.of());
            assertThat(book.flush(SOON)).isTrue();
            assertThat(book.lost()).isEqualTo(1);
            List<Sum> sums = new UsageReport(database).ask(new Question(today, today, EnumSet.of(Part.KEY), Map.of()));
            assertThat(sums).extracting(sum -> sum.parts().get(Part.KEY)).containsExactly("a", "b", "c", "first");
            assertThat(sums).extracting(Sum::requests).containsOnly(1L);
        }
    }

    /** Of every single row it says the first time that it does not know, although it has written it. */
    private static final class Forgetful extends UsageStore {
        private final Set<Long> heard = new HashSet<>();

        Forgetful(Database database, InstantSource clock) {
            super(database, clock);
        }

        @Override
        void addOnce(Collection<UsageRow> rows, long batch) {
            super.addOnce(rows, batch);
            if (rows.size() == 1 && heard.add(batch)) {
                throw new StoreUnavailable();
            }
        }
    }

    @Test
    void aModelThatPostgresCannotNameIsBilledWithoutItsControlCharacters() {
        String[] admin = {"authorization", "Bearer admin-key"};
        try (PostgresServer server = PostgresServer.start();
                Gateway gateway = Gateway.start(
                        "mehari.database.url=" + server.newDatabase(),
                        "mehari.access.admin-key=admin-key",
                        "mehari.access.api-keys=anna")) {
            String ask = "{\"provider\":\"demo\",\"model\":\"nul\\u0000\","
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            assertThat(gateway.post("/v1/chat/completions", ask, "authorization", "Bearer anna")
                            .statusCode())
                    .isEqualTo(200);
            Eventually.holds(SOON, "it is billed", () -> gateway.get("/admin/usage?by=model", admin)
                    .body()
                    .contains("\"nul?\""));
            assertThat(gateway.get("/admin/keys", admin).statusCode()).isEqualTo(200);
            assertThat(gateway.get("/admin/usage?model=nul%00", admin).statusCode())
                    .isEqualTo(400);
            assertThat(gateway.get("/admin/keys", admin).statusCode()).isEqualTo(200);
        }
    }
}
