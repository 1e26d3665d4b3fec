package dev.mehari.store;

import static dev.mehari.store.Replica.LEASE;
import static dev.mehari.store.Replica.candidate;
import static dev.mehari.store.Replica.limits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.DeploymentLedger.Refusal;
import dev.mehari.routing.DeploymentLedger.Refusal.Reason;
import dev.mehari.routing.DeploymentLedger.Reservation;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two replicas agree on over one Redis. */
class RedisLedgerTest {
    private static final Limits FIVE_A_MINUTE = limits(5, null, null);
    private static final Limits ONE_AT_ONCE = limits(null, null, 1);

    private static RedisServer server;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;

    private Replica one;
    private Replica other;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start();
        client = RedisClient.create(server.url());
        redis = client.connect().sync();
    }

    @AfterAll
    static void stopRedis() {
        if (server != null) {
            client.shutdown();
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        redis.flushall();
        one = Replica.of(server);
        other = Replica.of(server);
    }

    @AfterEach
    void allWasDecidedThere() {
        assertThat(one.local().reserved.get() + other.local().reserved.get())
                .as("%s %s", one.redis().status(), other.redis().status())
                .isZero();
        one.close();
        other.close();
    }

    @Test
    void bothCountAgainstOneLimit() {
        for (int i = 0; i < 5; i++) {
            (i % 2 == 0 ? one : other).take("d", FIVE_A_MINUTE, 1);
        }
        for (Replica replica : List.of(one, other)) {
            Refusal refusal = refusal(replica.reserve("d", FIVE_A_MINUTE, 1));
            assertThat(refusal.deployment()).isEqualTo("d");
            assertThat(refusal.reason()).isEqualTo(Reason.REQUESTS);
            assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(61));
        }
        assertThat(redis.hget("{test}:1:used:d", "requests"))
                .as("what was refused does not count")
                .isEqualTo("5");
    }

    @Test
    void tokensAreCountedAsReservedAndCorrectedWhenSettled() {
        Limits limits = limits(null, 1000L, null);
        Reservation big = one.take("d", limits, 900);
        assertThat(refusal(other.reserve("d", limits, 101)).reason()).isEqualTo(Reason.TOKENS);
        one.ledger().settle(big, 300L);
        // Over the same connection, so after the settling.
        one.take("d", limits, 700);
        assertThat(refusal(other.reserve("d", limits, 1)).reason()).isEqualTo(Reason.TOKENS);
        assertThat(redis.hget("{test}:1:used:d", "tokens")).isEqualTo("1000");
    }

    @Test
    void withoutUsageTheEstimateStands() {
        Limits limits = limits(null, 1000L, null);
        one.ledger().settle(one.take("d", limits, 900), null);
        assertThat(refusal(one.reserve("d", limits, 101)).reason()).isEqualTo(Reason.TOKENS);
    }

    @Test
    void aCallLargerThanTheLimitWaitsForAnEmptyWindow() {
        Limits limits = limits(null, 100L, null);
        one.ledger().settle(one.take("d", limits, 500), 1L);
        Refusal refusal = refusal(one.reserve("d", limits, 500));
        assertThat(refusal.reason()).isEqualTo(Reason.TOKENS);
        assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(61));
        one.take("d", limits, 99);
    }

    @Test
    void aSlotIsFreeAgainOnceSettledAndOnlyOnce() {
        Reservation held = one.take("d", ONE_AT_ONCE, 1);
        assertThat(refusal(other.reserve("d", ONE_AT_ONCE, 1)).reason()).isEqualTo(Reason.CONCURRENCY);
        one.ledger().settle(held, 1L);
        Reservation next = one.take("d", ONE_AT_ONCE, 1);
        one.ledger().settle(held, 1L);
        assertThat(refusal(one.reserve("d", ONE_AT_ONCE, 1)).reason()).isEqualTo(Reason.CONCURRENCY);
        one.ledger().settle(next, 1L);
        one.take("d", ONE_AT_ONCE, 1);
    }

    @Test
    void theSlotOfADeadProcessIsFreeWhenItsLeaseEnds() {
        Outcome held = one.ledger().reserve(List.of(candidate("d", ONE_AT_ONCE)), 1, Duration.ofMillis(300));
        assertThat(held).isInstanceOf(Outcome.Reserved.class);
        one.close();
        assertThat(other.reserve("d", ONE_AT_ONCE, 1)).isInstanceOf(Outcome.Refused.class);
        Eventually.holds(
                Duration.ofSeconds(5),
                "the slot is free",
                () -> other.reserve("d", ONE_AT_ONCE, 1) instanceof Outcome.Reserved);
    }

    @Test
    void theSlotOfADeadProcessIsFreeLongBeforeItsLeaseEndsAndThatOfALivingOneIsNot() {
        try (Redis its = Redis.open(server.url(), Duration.ofSeconds(20), Replica.NAMESPACE)) {
            Heartbeat heartbeat = Heartbeat.start(its, Duration.ofMillis(100), Duration.ofSeconds(2));
            RedisLedger dying = new RedisLedger(its, heartbeat, new LocalAnswers());
            assertThat(dying.reserve(List.of(candidate("d", ONE_AT_ONCE)), 1, LEASE))
                    .isInstanceOf(Outcome.Reserved.class);
            Eventually.passes(Duration.ofMillis(2500));
            assertThat(refusal(other.reserve("d", ONE_AT_ONCE, 1)).reason()).isEqualTo(Reason.CONCURRENCY);
        }
        Eventually.holds(
                Duration.ofSeconds(20),
                "the slot is free",
                () -> other.reserve("d", ONE_AT_ONCE, 1) instanceof Outcome.Reserved);
    }

    @Test
    void theFirstThatHasRoomServes() {
        one.ledger().cool("cooling", Instant.now().plusSeconds(30));
        one.take("busy", ONE_AT_ONCE, 1);
        Outcome outcome = one.ledger()
                .reserve(
                        List.of(
                                candidate("cooling", Limits.NONE),
                                candidate("busy", ONE_AT_ONCE),
                                candidate("free", FIVE_A_MINUTE),
                                candidate("untouched", FIVE_A_MINUTE)),
                        1,
                        LEASE);
        Outcome.Reserved reserved = (Outcome.Reserved) outcome;
        assertThat(reserved.reservation().deployment()).isEqualTo("free");
        assertThat(reserved.refused()).extracting(Refusal::deployment).containsExactly("cooling", "busy");
        assertThat(reserved.refused()).extracting(Refusal::reason).containsExactly(Reason.COOLING, Reason.CONCURRENCY);
        assertThat(redis.exists("{test}:1:used:untouched")).isZero();
    }

    @Test
    void aCooldownHoldsForAllAndTheLaterDeadlineWins() {
        one.ledger().cool("d", Instant.now().plusSeconds(100));
        one.ledger().cool("d", Instant.now().plusSeconds(10));
        Eventually.holds(
                Duration.ofSeconds(5),
                "the other replica knows",
                () -> other.reserve("d", Limits.NONE, 1) instanceof Outcome.Refused);
        Refusal refusal = refusal(other.reserve("d", Limits.NONE, 1));
        assertThat(refusal.reason()).isEqualTo(Reason.COOLING);
        assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100));
        assertThat(other.local().cooling).as("for when Redis goes").containsKey("d");
    }

    @Test
    void whoeverFindsItWellEndsTheCooldownForAll() {
        Candidate probe = new Candidate("d", FIVE_A_MINUTE, true);
        one.ledger().cool("d", Instant.now().plusSeconds(100));
        one.take("warm", FIVE_A_MINUTE, 1);
        Outcome outcome = other.ledger().reserve(List.of(probe), 1, LEASE);
        assertThat(outcome).isInstanceOf(Outcome.Reserved.class);
        assertThat(one.reserve("d", FIVE_A_MINUTE, 1)).isInstanceOf(Outcome.Refused.class);
        other.ledger().recovered("d");
        Eventually.holds(
                Duration.ofSeconds(5),
                "the first replica knows",
                () -> one.reserve("d", FIVE_A_MINUTE, 1) instanceof Outcome.Reserved);
    }

    @Test
    void whatIsOlderThanAMinuteNoLongerCounts() {
        long now = Long.parseLong(redis.time().getFirst());
        redis.hset(
                "{test}:1:used:d",
                Map.of(
                        "from",
                        Long.toString(now - 70),
                        "requests",
                        "5",
                        "tokens",
                        "50",
                        "r" + (now - 70),
                        "2",
                        "t" + (now - 70),
                        "20",
                        "r" + (now - 62),
                        "1",
                        "t" + (now - 62),
                        "10",
                        "r" + (now - 30),
                        "2",
                        "t" + (now - 30),
                        "20"));
        Limits limits = limits(3, 30L, null);
        one.take("d", limits, 10);
        Refusal refusal = refusal(one.reserve("d", limits, 10));
        assertThat(refusal.reason()).isEqualTo(Reason.REQUESTS);
        assertThat(refusal.retryAfter())
                .as("the two of half a minute ago go first")
                .isBetween(Duration.ofSeconds(25), Duration.ofSeconds(31));
        assertThat(redis.hgetall("{test}:1:used:d"))
                .containsEntry("requests", "3")
                .containsEntry("tokens", "30")
                .doesNotContainKeys("r" + (now - 70), "t" + (now - 70), "r" + (now - 62), "t" + (now - 62));
    }

    @Test
    void afterALongSilenceTheCountBeginsAnew() {
        long now = Long.parseLong(redis.time().getFirst());
        redis.hset("{test}:1:used:d", Map.of("from", Long.toString(now - 5000), "requests", "9", "tokens", "9"));
        one.take("d", limits(1, 10L, null), 10);
        assertThat(redis.hget("{test}:1:used:d", "requests")).isEqualTo("1");
    }

    @Test
    void everyKeyIsInTheNamespaceInOneSlotAndDiesByItself() {
        one.take("openai/gpt-4o", limits(100, 100_000L, 10), 1);
        one.ledger().cool("openai/gpt-4o", Instant.now().plusSeconds(100));
        one.take("x", limits(100, null, null), 1);
        List<String> keys = redis.keys("*");
        assertThat(keys).hasSizeGreaterThanOrEqualTo(5).allSatisfy(key -> assertThat(key)
                .startsWith("{test}:1:"));
        assertThat(keys).allSatisfy(key -> assertThat(redis.pttl(key)).isPositive());
    }

    @Test
    void aDeploymentWithoutLimitsLeavesNoTrace() {
        Reservation free = one.take("d", Limits.NONE, 10);
        one.ledger().settle(free, 5L);
        one.take("limited", FIVE_A_MINUTE, 1);
        assertThat(redis.keys("*:d")).isEmpty();
        assertThat(one.local().settled).isEmpty();
    }

    @Test
    void aScriptThatRedisHasForgottenIsToldAgain() {
        one.take("d", FIVE_A_MINUTE, 1);
        redis.scriptFlush();
        one.take("d", FIVE_A_MINUTE, 1);
        assertThat(one.redis().status().losses()).isZero();
    }

    private static Refusal refusal(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).refused().getLast();
    }
}
