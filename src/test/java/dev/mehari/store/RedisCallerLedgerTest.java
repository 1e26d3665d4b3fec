package dev.mehari.store;

import static dev.mehari.store.CallerReplica.claim;
import static dev.mehari.store.CallerReplica.purse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallerLedger.Claim;
import dev.mehari.access.CallerLedger.Outcome;
import dev.mehari.access.CallerLedger.Reason;
import dev.mehari.access.CallerLedger.Ticket;
import dev.mehari.access.CallerLedger.Used;
import dev.mehari.access.Quota;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits and budgets of keys hold across replicas, exactly. */
class RedisCallerLedgerTest {
    private static final int THREADS = 64;
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final Duration AMPLE = Duration.ofSeconds(30);

    static Stream<Arguments> claimsOfWhich500FitIn() {
        return Stream.of(
                Arguments.of(claim(new Quota(500, null, null), null, 10, 0, LEASE), true),
                Arguments.of(claim(new Quota(null, 5009L, null), null, 10, 0, LEASE), true),
                Arguments.of(claim(new Quota(null, null, 500), null, 10, 0, LEASE), false),
                Arguments.of(claim(Quota.NONE, 3_500_006L, 10, 7000, LEASE), true),
                Arguments.of(claim(new Quota(600, 7000L, null), 3_500_000L, 10, 7000, LEASE), true));
    }

    @ParameterizedTest
    @MethodSource("claimsOfWhich500FitIn")
    void twoProcessesOf64ThreadsLetInExactlyTheLimit(Claim claim, boolean settles) throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Process one = CallerStorm.start(server.url(), claim, THREADS, 10, settles);
            Process other = CallerStorm.start(server.url(), claim, THREADS, 10, settles);
            try {
                int admitted = settles
                        ? CallerStorm.admitted(one) + CallerStorm.admitted(other)
                        : firstLine(one) + firstLine(other);
                assertThat(admitted).isEqualTo(500);
            } finally {
                one.destroyForcibly();
                other.destroyForcibly();
            }
        }
    }

    private static int firstLine(Process process) throws Exception {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.matches("\\d+")) {
            line = lines.readLine();
        }
        return Integer.parseInt(String.valueOf(line));
    }

    @Test
    void whatAKilledProcessHeldIsFreeWhenItsLeaseEndsAndWhatItSpentStaysSpent() throws Exception {
        Claim settled = claim(new Quota(null, null, 40), 1000L, 10, 100, Duration.ofSeconds(20));
        try (RedisServer server = RedisServer.start();
                CallerReplica survivor = CallerReplica.of(server.url())) {
            // 300 are spent by calls that ended.
            for (int i = 0; i < 3; i++) {
                Ticket ticket = ((Outcome.Admitted) survivor.ledger().reserve(settled)).ticket();
                survivor.ledger().settle(ticket, new Used(10, 100L));
            }
            Process victim = CallerStorm.start(server.url(), settled, 4, 10, false);
            assertThat(firstLine(victim)).as("the other 700 are promised").isEqualTo(7);
            victim.destroyForcibly().waitFor();
            Outcome refused = survivor.ledger().reserve(settled);
            assertThat(refused).isInstanceOf(Outcome.Refused.class);
            assertThat(((Outcome.Refused) refused).reason()).isEqualTo(Reason.BUDGET);
            AtomicInteger admitted = new AtomicInteger();
            Eventually.holds(
                    Duration.ofSeconds(120),
                    "all its leases have ended",
                    () -> admitted.addAndGet(survivor.once(settled)) == 7);
            // 300 were spent before: seven more, and no eighth.
            assertThat(survivor.once(settled)).isZero();
        }
    }

    @Test
    void aRefusedCallTakesNothingAndOneThatEndsGivesBackWhatItDidNotUse() {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            Claim large = claim(new Quota(10, 100L, 1), 1000L, 90, 900, LEASE);
            Outcome.Admitted in = (Outcome.Admitted) replica.ledger().reserve(large);
            assertThat(in.standing().requests()).isEqualTo(1);
            assertThat(in.standing().tokens()).isEqualTo(90);
            assertThat(in.standing().reset()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(61));
            for (int i = 0; i < 20; i++) {
                assertThat(replica.ledger().reserve(large)).isInstanceOf(Outcome.Refused.class);
            }
            replica.ledger().settle(in.ticket(), new Used(5, 50L));
            Claim rest = claim(new Quota(10, 100L, 1), 1000L, 95, 950, LEASE);
            Eventually.holds(AMPLE, "it is settled", () -> !replica.told().isEmpty());
            assertThat(replica.told()).containsExactly(50L);
            Outcome again = replica.ledger().reserve(rest);
            assertThat(again).isInstanceOf(Outcome.Admitted.class);
            assertThat(again.standing().requests()).isEqualTo(2);
        }
    }

    @Test
    void eachReasonIsTold() {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            replica.ledger().reserve(claim(new Quota(1, 10L, 1), 10L, 10, 0, LEASE));
            assertThat(reason(replica, new Quota(null, null, 1), null, 0)).isEqualTo(Reason.CONCURRENCY);
            assertThat(reason(replica, new Quota(1, null, null), null, 0)).isEqualTo(Reason.REQUESTS);
            assertThat(reason(replica, new Quota(null, 10L, null), null, 1)).isEqualTo(Reason.TOKENS);
            assertThat(reason(replica, Quota.NONE, 0L, 0)).isEqualTo(Reason.BUDGET);
        }
    }

    private static Reason reason(CallerReplica replica, Quota quota, Long budget, long tokens) {
        return ((Outcome.Refused) replica.ledger().reserve(claim(quota, budget, tokens, 0, LEASE))).reason();
    }

    @Test
    void anAccountThatRedisHasLostIsReadFromTheDatabaseAgain() {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            Claim claim = claim(Quota.NONE, 1000L, 0, 600, LEASE);
            assertThat(replica.ledger().reserve(claim)).isInstanceOf(Outcome.Admitted.class);
            replica.redis().send(commands -> commands.flushall()).join();
            replica.inDatabase().set(500);
            assertThat(replica.ledger().reserve(claim)).isInstanceOf(Outcome.Refused.class);
            replica.inDatabase().set(0);
            assertThat(replica.ledger().reserve(claim))
                    .as("Redis knows it again, and the database is not asked")
                    .isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    void theDatabaseRaisesAnAccountAndNeverLowersIt() throws InterruptedException {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            Claim claim = claim(Quota.NONE, 1000L, 0, 100, LEASE);
            replica.storm(claim, 1, 1, true);
            replica.ledger().raise(purse(1000), 850);
            replica.ledger().raise(purse(1000), 20);
            assertThat(replica.storm(claim, 1, 5, true)).isEqualTo(1);
        }
    }

    @Test
    void withoutRedisThisReplicaDecidesByItselfAndTellsRedisAfterwards() throws InterruptedException {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            Claim claim = claim(new Quota(null, null, 2), null, 0, 0, LEASE);
            Ticket shared = ((Outcome.Admitted) replica.ledger().reserve(claim)).ticket();
            server.kill();
            Eventually.holds(AMPLE, "Redis is missed", () -> !replica.redis().isThere());
            // Counted from nothing here.
            assertThat(replica.storm(claim, 1, 3, false)).isEqualTo(2);
            replica.ledger().settle(shared, new Used(0, 0L));
            server.restart();
            Eventually.holds(AMPLE, "Redis is back", () -> replica.redis().isThere());
            assertThat(replica.storm(claim, 1, 3, false)).isEqualTo(2);
        }
    }

    @Test
    void aScriptThatFailsFailsAloneAndIsNotSentAgainAndAgain() {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            Claim claim = claim(new Quota(10, null, null), null, 0, 0, LEASE);
            String held = replica.redis().key("caller-held", claim.key());
            replica.redis()
                    .send(commands -> commands.set(held, "odd".getBytes(StandardCharsets.UTF_8)))
                    .join();
            assertThat(((Outcome.Admitted) replica.ledger().reserve(claim))
                            .ticket()
                            .id())
                    .as("this replica has decided")
                    .doesNotStartWith("redis:");
            // The reservation, and its taking back.
            Eventually.holds(
                    AMPLE, "both have failed", () -> replica.redis().status().unanswered() == 2);
            replica.redis().send(commands -> commands.del(held)).join();
            Ticket shared = ((Outcome.Admitted) replica.ledger().reserve(claim)).ticket();
            assertThat(shared.id()).startsWith("redis:");
            assertThat(replica.redis().status().unanswered()).isEqualTo(2);
            assertThat(replica.redis().status().losses()).isZero();
        }
    }

    @Test
    void oneThatHasNoMemoryLeftIsLeftAlone() {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            replica.redis()
                    .send(commands -> commands.configSet("maxmemory", "1"))
                    .join();
            assertThat(replica.redis().send(commands -> commands.set("a", new byte[1])))
                    .failsWithin(AMPLE);
            assertThat(replica.redis().status().losses()).isEqualTo(1);
        }
    }

    @Test
    void aKeyWithoutLimitsAsksRedisNothing() {
        try (RedisServer server = RedisServer.start();
                CallerReplica replica = CallerReplica.of(server.url())) {
            Claim free = claim(Quota.NONE, null, 5, 5, LEASE);
            Ticket ticket = ((Outcome.Admitted) replica.ledger().reserve(free)).ticket();
            replica.ledger().settle(ticket, new Used(5, 5L));
            assertThat(replica.redis().send(commands -> commands.dbsize()).join())
                    .as("only the fence's own probe is there")
                    .isLessThanOrEqualTo(1);
        }
    }
}
