package dev.mehari.store;

import static dev.mehari.store.Replica.limits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.DeploymentLedger.Reservation;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A Redis that is slow, gone or unfit costs a call at most one time-out, and nothing is lost. */
@ExtendWith(OutputCaptureExtension.class)
class RedisFenceTest {
    /** A little more than shipped, as the machine may be busy. */
    private static final Duration FENCE = Duration.ofMillis(150);

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Limits TWO_AT_ONCE = limits(null, null, 2);

    @Test
    void aHungRedisHoldsUpNoCallLongerThanTheFence(CapturedOutput output) throws InterruptedException {
        try (RedisServer server = RedisServer.start();
                Replica replica = Replica.of(server.url(), FENCE)) {
            awaitThere(replica);
            server.hang();
            AtomicLong slowest = new AtomicLong();
            Instant until = Instant.now().plusSeconds(2);
            var callers = IntStream.range(0, 16)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> {
                        while (Instant.now().isBefore(until)) {
                            long started = System.nanoTime();
                            Outcome outcome = replica.reserve("d", TWO_AT_ONCE, 1);
                            slowest.accumulateAndGet(System.nanoTime() - started, Math::max);
                            assertThat(outcome).isInstanceOf(Outcome.Reserved.class);
                            Eventually.passes(Duration.ofMillis(1));
                        }
                    }))
                    .toList();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(Duration.ofNanos(slowest.get())).isLessThan(FENCE.multipliedBy(3));
            assertThat(replica.redis().status().reason()).isNotNull();
            server.goOn();
            awaitThere(replica);
        }
        assertThat(output.toString().split("is away", -1)).as(output.toString()).hasSize(2);
        assertThat(output.toString().split("is back after", -1))
                .as(output.toString())
                .hasSize(2);
        assertThat(output.toString()).doesNotContain("\tat ", "Exception");
    }

    @Test
    void whatAHungRedisReservesLateIsGivenBack() throws InterruptedException {
        try (RedisServer server = RedisServer.start();
                Replica replica = Replica.of(server.url(), FENCE);
                Replica witness = Replica.of(server)) {
            awaitThere(replica);
            server.hang();
            // As many as are in flight when it begins to hang; each is written before the first time-out.
            var callers = IntStream.range(0, 4)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> replica.reserve("d", TWO_AT_ONCE, 1)))
                    .toList();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(replica.local().reserved.get()).isEqualTo(4);
            server.goOn();
            awaitThere(replica);
            for (String slot : List.of("one slot", "the other slot")) {
                Eventually.holds(
                        SOON,
                        slot + " is free",
                        () -> witness.reserve("d", TWO_AT_ONCE, 1) instanceof Outcome.Reserved);
            }
        }
    }

    @Test
    void whatWasReservedBeforeIsSettledWhenRedisIsBack() {
        try (RedisServer server = RedisServer.start();
                Replica replica = Replica.of(server.url(), FENCE);
                Replica witness = Replica.of(server)) {
            awaitThere(replica);
            Reservation before = replica.take("d", TWO_AT_ONCE, 1);
            replica.take("d", TWO_AT_ONCE, 1);
            server.hang();
            Reservation meanwhile = replica.take("d", TWO_AT_ONCE, 1);
            replica.ledger().settle(before, 1L);
            replica.ledger().settle(meanwhile, 1L);
            replica.ledger().cool("ill", Instant.now().plusSeconds(100));
            assertThat(replica.local().settled).containsExactly(meanwhile);
            assertThat(replica.local().cooling).containsKey("ill");
            server.goOn();
            awaitThere(replica);
            Eventually.holds(
                    SOON, "one slot is free", () -> witness.reserve("d", TWO_AT_ONCE, 1) instanceof Outcome.Reserved);
            assertThat(witness.reserve("d", TWO_AT_ONCE, 1)).isInstanceOf(Outcome.Refused.class);
            Eventually.holds(
                    SOON,
                    "the cooldown is shared",
                    () -> witness.reserve("ill", Limits.NONE, 1) instanceof Outcome.Refused);
        }
    }

    @Test
    void aKilledRedisIsNoticedAtOnceAndFoundAgain(CapturedOutput output) {
        try (RedisServer server = RedisServer.start();
                Replica replica = Replica.of(server.url(), FENCE)) {
            awaitThere(replica);
            server.kill();
            // Nothing is asked: the connection tells.
            Eventually.holds(SOON, "it is away", () -> !replica.redis().status().there());
            long started = System.nanoTime();
            Reservation local = replica.take("d", TWO_AT_ONCE, 1);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(FENCE);
            assertThat(local.id()).startsWith("local-");
            server.restart();
            awaitThere(replica);
            assertThat(replica.take("d", TWO_AT_ONCE, 1).id()).startsWith("redis:");
            RedisStatus status = replica.redis().status();
            assertThat(status.losses()).isEqualTo(1);
            assertThat(status.reason()).isNull();
            assertThat(status.unanswered()).isPositive();
        }
        assertThat(output.toString().split("is away", -1)).as(output.toString()).hasSize(2);
        assertThat(output.toString().split("is back after", -1))
                .as(output.toString())
                .hasSize(2);
    }

    @Test
    void oneThatCannotBeReachedAtTheStartIsToldOnceAndFoundLater(CapturedOutput output) {
        try (RedisServer server = RedisServer.start()) {
            server.kill();
            try (Replica replica = Replica.of(server.url(), FENCE)) {
                assertThat(replica.redis().status().there()).isFalse();
                assertThat(replica.redis().status().reason()).contains("refused");
                assertThat(replica.take("d", TWO_AT_ONCE, 1).id()).startsWith("local-");
                server.restart();
                awaitThere(replica);
            }
        }
        assertThat(output.toString().split("is away", -1)).as(output.toString()).hasSize(2);
    }

    @Test
    void oneThatHangsAtTheStartHoldsItUpForASecondOnly() {
        try (RedisServer server = RedisServer.start()) {
            server.hang();
            long started = System.nanoTime();
            try (Replica replica = Replica.of(server.url(), FENCE)) {
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
                assertThat(replica.take("d", TWO_AT_ONCE, 1).id()).startsWith("local-");
                server.goOn();
                awaitThere(replica);
            }
        }
    }

    @Test
    void aWrongPasswordIsToldButNotRepeated(CapturedOutput output) {
        try (RedisServer server = RedisServer.start("--requirepass", "right");
                Replica replica = Replica.of("redis://:not-this-one@127.0.0.1:" + server.port(), FENCE)) {
            Eventually.holds(SOON, "it is refused", () -> String.valueOf(
                            replica.redis().status().reason())
                    .contains("WRONGPASS"));
            assertThat(replica.take("d", TWO_AT_ONCE, 1).id()).startsWith("local-");
        }
        assertThat(output.toString()).contains("WRONGPASS").doesNotContain("not-this-one");
    }

    /** With the commands that docs/shared-state.md names, and no others. */
    @Test
    void aUserWithAPasswordAndADatabaseIsLoggedIn() throws IOException {
        Matcher named = Pattern.compile("`([A-Z ]+)`")
                .matcher(Files.readString(Path.of("docs/shared-state.md")).split("A user needs the commands")[1]);
        List<String> settings = new ArrayList<>(List.of("--user", "app", "on", ">right", "~{test}:*", "-@all"));
        named.results()
                .map(command -> "+" + command.group(1).toLowerCase(Locale.ROOT).replace(' ', '|'))
                .forEach(settings::add);
        try (RedisServer server = RedisServer.start(settings.toArray(String[]::new));
                Replica replica = Replica.of("redis://app:right@127.0.0.1:" + server.port() + "/5", FENCE)) {
            awaitThere(replica);
            Limits limits = limits(10, 1000L, 10);
            Reservation shared = replica.take("d", limits, 1);
            replica.ledger().settle(shared, 2L);
            replica.ledger().cool("d", Instant.now().plusSeconds(100));
            replica.ledger().recovered("d");
            assertThat(replica.take("d", limits, 1).id()).startsWith("redis:");
            assertThat(replica.redis().status().losses()).isZero();
        }
    }

    @Test
    void oneThatOnlyReadsIsLeftAlone() {
        try (RedisServer server = RedisServer.start("--replicaof", "127.0.0.1 1");
                Replica replica = Replica.of(server.url(), FENCE)) {
            Eventually.holds(SOON, "it is found unfit", () -> String.valueOf(
                            replica.redis().status().reason())
                    .contains("READONLY"));
            assertThat(replica.take("d", TWO_AT_ONCE, 1).id()).startsWith("local-");
            assertThat(replica.redis().status().losses()).isEqualTo(1);
        }
    }

    private static void awaitThere(Replica replica) {
        Eventually.holds(SOON, "Redis is there", () -> replica.redis().status().there());
    }
}
