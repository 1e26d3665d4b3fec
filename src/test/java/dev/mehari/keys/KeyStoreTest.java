package dev.mehari.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.access.Budget;
import dev.mehari.access.Caller;
import dev.mehari.access.KeyText;
import dev.mehari.access.Policy;
import dev.mehari.access.Purse;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.price.Cost;
import dev.mehari.spend.Bill;
import dev.mehari.spend.UsageBook;
import dev.mehari.spend.UsageReport;
import dev.mehari.spend.UsageReport.Part;
import dev.mehari.spend.UsageReport.Question;
import dev.mehari.spend.UsageReport.Sum;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and usage in both databases, and what is known of keys while there is none. */
class KeyStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static PostgresServer postgres;

    private final AtomicLong now = new AtomicLong(NOON.toEpochMilli());
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());

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

    private static Database open(Kind kind) {
        String url =
                switch (kind) {
                    case SQLITE -> "jdbc:sqlite:" + folder.resolve(System.nanoTime() + ".db");
                    case POSTGRES -> postgres().newDatabase();
                };
        return new Database(DatabaseAddress.of(url), Duration.ofSeconds(20));
    }

    /** Started when first asked for: without one only its own cases are skipped. */
    private static PostgresServer postgres() {
        if (postgres == null) {
            postgres = PostgresServer.start();
        }
        return postgres;
    }

    private static KeyRules rules(String json) throws Exception {
        JsonNode tree = Json.MAPPER.readTree(json);
        return KeyFields.read(tree);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKeyIsFoundAsItWasMadeAndChanged(Kind kind) throws Exception {
        try (Database database = open(kind)) {
            KeyStore store = new KeyStore(database, clock);
            KeyRules rules =
                    rules("{\"name\":\"n'; drop table client_key; --\",\"team\":\"t\",\"rpm\":5,\"budget\":0.000000001,"
                            + "\"models\":[\"a*\"],\"metadata\":{\"k\":\"v\"}}");
            KeyStore.Fresh fresh = store.create(rules);
            assertThat(store.find(fresh.key().id())).isEqualTo(fresh.key());
            assertThat(fresh.key().rules().budget()).isEqualTo(new Budget(1, Budget.Period.MONTH));
            store.create(rules("{\"team\":\"other\"}"));
            assertThat(store.list("t")).containsExactly(fresh.key());
            assertThat(store.list(null)).hasSize(2);
            assertThat(store.list("t' or '1'='1")).isEmpty();
            IssuedKey changed = store.change(fresh.key().id(), rules("{\"disabled\":true}"));
            assertThat(changed.rules()).isEqualTo(rules("{\"disabled\":true}"));
            assertThat(changed.isActive(NOON)).isFalse();
            assertThat(store.change("nobody", rules)).isNull();
            assertThat(store.find("nobody' or '1'='1")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void bothSecretsOpenWithinTheGraceAndNoneAfterTheKeyWasTakenBack(Kind kind) throws Exception {
        try (Database database = open(kind)) {
            KeyStore store = new KeyStore(database, clock);
            KeyCache cache = new KeyCache(store::find, clock, 100, Duration.ofSeconds(15));
            KeyStore.Fresh first = store.create(rules("{}"));
            assertThat(cache.find(first.text())).isNotNull();
            KeyStore.Fresh second = store.rotate(first.key().id(), Duration.ofHours(1));
            cache.forget(first.key().id());
            assertThat(cache.find(first.text())).isNotNull();
            assertThat(cache.find(second.text())).isNotNull();
            now.addAndGet(Duration.ofHours(1).toMillis());
            assertThat(cache.find(first.text())).isNull();
            assertThat(cache.find(second.text())).isNotNull();
            assertThat(store.revoke(first.key().id()).revoked()).isNotNull();
            cache.forget(first.key().id());
            assertThat(cache.find(second.text())).isNull();
            assertThat(store.rotate(first.key().id(), Duration.ZERO)).isNull();
            assertThat(store.revoke("nobody")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void manyWritersAddUpToWhatEachHasNoted(Kind kind) throws Exception {
        try (Database database = open(kind)) {
            List<UsageBook> books = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                books.add(new UsageBook(database, clock, (purse, nanos) -> {}));
            }
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                UsageBook book = books.get(i % 2);
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 100; n++) {
                        book.note(bill("k" + n % 5, 7L), List.of());
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (UsageBook book : books) {
                assertThat(book.flush(Duration.ofSeconds(60))).isTrue();
                book.close();
            }
            LocalDate today = LocalDate.parse("2026-11-21");
            UsageReport report = new UsageReport(database);
            List<Sum> sums = report.ask(new Question(today, today, EnumSet.of(Part.KEY), Map.of()));
            assertThat(sums).hasSize(5).allSatisfy(sum -> {
                assertThat(sum.requests()).isEqualTo(320);
                assertThat(sum.costNanos()).isEqualTo(320 * 7);
                assertThat(sum.promptTokens()).isEqualTo(320 * 10);
            });
            assertThat(report.ask(new Question(today, today, EnumSet.noneOf(Part.class), Map.of(Part.KEY, "k1"))))
                    .singleElement()
                    .satisfies(sum -> assertThat(sum.requests()).isEqualTo(320));
            Caller caller = new Caller("k1", null, "t", Policy.OPEN);
            assertThat(books.getFirst().spent(Purse.ofKey(caller, new Budget(1, Budget.Period.DAY), NOON)))
                    .isEqualTo(2240);
            assertThat(books.getFirst().spent(Purse.ofTeam("t", new Budget(1, Budget.Period.TOTAL), NOON)))
                    .isEqualTo(5 * 2240);
            Instant tomorrow = NOON.plus(Duration.ofDays(1));
            assertThat(books.getFirst().spent(Purse.ofKey(caller, new Budget(1, Budget.Period.DAY), tomorrow)))
                    .isZero();
        }
    }

    private static Bill bill(String key, long nanos) {
        return new Bill(
                key, "t", "p", "m", Usage.of(10L, 5L), new Cost(nanos, true), Bill.Source.ANSWERED, true, false);
    }

    @Test
    void theBookTellsTheLedgerWhatTheDatabaseHas() throws Exception {
        try (Database database = open(Kind.SQLITE)) {
            AtomicLong raised = new AtomicLong();
            try (UsageBook book = new UsageBook(database, clock, (purse, nanos) -> raised.set(nanos))) {
                Purse purse = Purse.ofTeam("t", new Budget(1000, Budget.Period.MONTH), NOON);
                book.note(bill("a", 30L), List.of(purse));
                book.note(bill("b", 12L), List.of(purse));
                Eventually.holds(Duration.ofSeconds(60), "it is told", () -> raised.get() == 42);
            }
        }
    }

    @Test
    void whileTheDatabaseIsAwayKnownKeysGoOnAndUnknownOnesAreNotCalledWrong() {
        AtomicLong asked = new AtomicLong();
        boolean[] away = {false};
        KeyText known = KeyText.random();
        KeyCache cache = new KeyCache(
                id -> {
                    asked.incrementAndGet();
                    if (away[0]) {
                        throw new StoreUnavailable();
                    }
                    return id.equals(known.id())
                            ? new IssuedKey(id, known.secretHash(), null, null, NOON, null, KeyFields.stored("{}"))
                            : null;
                },
                clock,
                100,
                Duration.ofSeconds(15));
        assertThat(cache.find(known)).isNotNull();
        assertThat(cache.find(known)).isNotNull();
        assertThat(asked).hasValue(1);
        away[0] = true;
        now.addAndGet(Duration.ofHours(5).toMillis());
        assertThat(cache.find(known)).isNotNull();
        assertThat(cache.find(new KeyText(known.id(), "x".repeat(48)))).isNull();
        assertThatThrownBy(() -> cache.find(KeyText.random())).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepAKeyGoodThatWasTakenBack() {
        boolean[] gone = {false};
        KeyText known = KeyText.random();
        KeyCache cache = new KeyCache(
                id -> gone[0]
                        ? null
                        : new IssuedKey(id, known.secretHash(), null, null, NOON, null, KeyFields.stored("{}")),
                clock,
                100,
                Duration.ofSeconds(15));
        assertThat(cache.find(known)).isNotNull();
        gone[0] = true;
        now.addAndGet(-Duration.ofHours(5).toMillis());
        assertThat(cache.find(known)).isNull();
    }

    @Test
    void aKeyOfSomebodyElsesSecretIsNobodys() {
        KeyText one = KeyText.random();
        KeyText other = KeyText.random();
        KeyCache cache = new KeyCache(
                id -> new IssuedKey(id, one.secretHash(), null, null, NOON, null, KeyFields.stored("{}")),
                clock,
                100,
                Duration.ofSeconds(15));
        assertThat(cache.find(new KeyText(one.id(), other.secret()))).isNull();
        assertThat(one.toString()).doesNotContain(one.secret());
        assertThat(KeyText.of(one.token())).isEqualTo(one);
        assertThat(KeyText.of(one.token() + "a")).isNull();
        assertThat(KeyText.of(one.token().replace("mh-", "mx-"))).isNull();
    }
}
