package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.Overloaded;
import dev.mehari.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CallGateTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Consumer<Runnable> STAYS = task -> {};

    @Test
    void aFullGateWithoutAQueueRefusesAtOnce() {
        CallGate gate = new CallGate(() -> 2, 0, LONG);
        gate.enter(STAYS);
        gate.enter(STAYS);
        assertThatThrownBy(() -> gate.enter(STAYS))
                .isInstanceOf(Overloaded.class)
                .hasMessageContaining("2 calls in flight")
                .satisfies(full -> assertThat(((Overloaded) full).retryAfter()).isPositive());
        gate.leave();
        gate.enter(STAYS);
        assertThat(gate.inside()).isEqualTo(2);
    }

    @Test
    void whoWaitsGetsThePlacesInTurn() {
        CallGate gate = new CallGate(() -> 1, 3, LONG);
        gate.enter(STAYS);
        List<Integer> order = new ArrayList<>();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            waiting.add(run(() -> {
                gate.enter(STAYS);
                order.add(number);
                gate.leave();
            }));
            Eventually.holds(LONG, "it stands in the queue", () -> gate.waiting() == number + 1);
        }
        assertThatThrownBy(() -> gate.enter(STAYS)).as("the queue is full").isInstanceOf(Overloaded.class);
        gate.leave();
        waiting.forEach(CompletableFuture::join);
        assertThat(order).containsExactly(0, 1, 2);
        assertThat(gate.inside()).isZero();
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void aWaitInVainEndsInTime() {
        CallGate gate = new CallGate(() -> 1, 1, Duration.ofMillis(100));
        gate.enter(STAYS);
        long started = System.nanoTime();
        assertThatThrownBy(() -> gate.enter(STAYS)).isInstanceOf(Overloaded.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(Duration.ofMillis(90), Duration.ofSeconds(5));
        gate.leave();
        assertThat(gate.inside()).isZero();
        gate.enter(STAYS);
    }

    @Test
    void whoLeavesWhileWaitingTakesNoPlace() {
        CallGate gate = new CallGate(() -> 1, 1, LONG);
        gate.enter(STAYS);
        AtomicReference<Runnable> leave = new AtomicReference<>();
        CompletableFuture<Void> waiting = run(() -> gate.enter(leave::set));
        Eventually.holds(LONG, "it waits", () -> leave.get() != null);
        leave.get().run();
        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClientGone.class);
        assertThat(gate.waiting()).isZero();
        gate.leave();
        assertThat(gate.inside()).isZero();
    }

    @Test
    void aHigherLimitLetsThoseInWhoWait() {
        AtomicInteger limit = new AtomicInteger(1);
        CallGate gate = new CallGate(limit::get, 2, LONG);
        gate.enter(STAYS);
        CompletableFuture<Void> waiting = run(() -> gate.enter(STAYS));
        Eventually.holds(LONG, "it waits", () -> gate.waiting() == 1);
        limit.set(2);
        gate.letIn();
        waiting.join();
        assertThat(gate.inside()).isEqualTo(2);
    }

    @Test
    void noPlaceIsLostOrGivenTwiceUnderPressure() throws InterruptedException {
        int most = 3;
        CallGate gate = new CallGate(() -> most, 8, Duration.ofMillis(1));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger highest = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                threads.execute(() -> {
                    for (int n = 0; n < 500; n++) {
                        try {
                            gate.enter(n % 7 == 0 ? Runnable::run : STAYS);
                        } catch (Overloaded | ClientGone no) {
                            refused.incrementAndGet();
                            continue;
                        }
                        highest.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.yield();
                        inside.decrementAndGet();
                        entered.incrementAndGet();
                        gate.leave();
                    }
                });
            }
        }
        assertThat(highest).hasValueBetween(1, most);
        assertThat(entered.get() + refused.get()).isEqualTo(64 * 500);
        assertThat(entered.get()).isPositive();
        assertThat(gate.inside()).isZero();
        assertThat(gate.waiting()).isZero();
        // All places are there again.
        for (int i = 0; i < most; i++) {
            gate.enter(STAYS);
        }
    }

    private static CompletableFuture<Void> run(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (RuntimeException failed) {
                done.completeExceptionally(failed);
            }
        });
        return done;
    }
}
