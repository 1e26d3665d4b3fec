package dev.mehari.store;

import static dev.mehari.store.Replica.limits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits are not exceeded by one, however many ask at once. */
class RedisExactnessTest {
    private static final int THREADS = 64;

    static Stream<Arguments> limitsThatLet500In() {
        return Stream.of(
                Arguments.of(limits(500, null, null)),
                Arguments.of(limits(null, 5009L, null)),
                Arguments.of(limits(null, null, 500)),
                Arguments.of(limits(500, 5000L, 500)));
    }

    @ParameterizedTest
    @MethodSource("limitsThatLet500In")
    void twoReplicasOf64ThreadsLetInExactlyTheLimit(Limits limits) {
        try (RedisServer server = RedisServer.start();
                Replica one = Replica.of(server);
                Replica other = Replica.of(server)) {
            CompletableFuture<Integer> there =
                    CompletableFuture.supplyAsync(() -> other.storm("d", limits, 10, THREADS, 10));
            int here = one.storm("d", limits, 10, THREADS, 10);
            assertThat(here + there.join()).isEqualTo(500);
            assertThat(one.local().reserved.get() + other.local().reserved.get())
                    .isZero();
        }
    }

    @Test
    void soDoTwoProcesses() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            List<Process> storms = List.of(
                    StormProcess.start(server.url(), 500, THREADS, 10),
                    StormProcess.start(server.url(), 500, THREADS, 10));
            int reserved = 0;
            for (Process storm : storms) {
                reserved += StormProcess.reserved(storm);
            }
            assertThat(reserved).isEqualTo(500);
        }
    }

    @Test
    void noMoreThanTheLimitAreUnderWayWhileTheyComeAndGo() throws InterruptedException {
        Limits limits = limits(null, null, 7);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        try (RedisServer server = RedisServer.start();
                Replica one = Replica.of(server);
                Replica other = Replica.of(server)) {
            List<Thread> callers = Stream.iterate(0, i -> i + 1)
                    .limit(THREADS)
                    .map(i -> Thread.ofVirtual().start(() -> {
                        Replica replica = i % 2 == 0 ? one : other;
                        for (int n = 0; n < 50; n++) {
                            if (replica.reserve("d", limits, 1) instanceof Outcome.Reserved reserved) {
                                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                                served.incrementAndGet();
                                underWay.decrementAndGet();
                                replica.ledger().settle(reserved.reservation(), 1L);
                            }
                        }
                    }))
                    .toList();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(most.get()).isBetween(1, 7);
            assertThat(served.get()).isGreaterThan(7);
            // Giving back waits for nobody.
            Eventually.holds(
                    Duration.ofSeconds(20),
                    "all were given back",
                    () -> one.reserve("d", limits, 1) instanceof Outcome.Reserved);
        }
    }
}
