package dev.mehari.call;

import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.transport.Audience;
import dev.mehari.transport.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * An attempt that takes long to begin, and the next deployment that is asked beside it:
 *
 *   WAITING ── the first attempt ends before the time is up ──► SETTLED, nobody else was asked
 *   WAITING ── time is up ──► RUNNING: the second attempt is reserved and goes its own way, on its own thread
 *   RUNNING ── either has an answer, or the first token of one ──► it has won; the other loses its audience, so that its
 *              upstream is closed and its failure is that nobody waits for it: no harm to its deployment's health
 *
 * The plan is used by one thread at a time: while RUNNING by the second attempt's until outcome is complete, else by the
 * call's.
 */
/** Two attempts of one call, of which the first to answer counts. Thread-safe. */
final class Hedge {
    private enum Stage {
        WAITING,
        RUNNING,
        SETTLED
    }

    private final Lane firstLane;
    private final Attempt first;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final AtomicReference<@Nullable Attempt> winner = new AtomicReference<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Attempt> outcome = new CompletableFuture<>();
    private volatile @Nullable Lane secondLane;

    Hedge(Attempt first) {
        this.first = first;
        this.firstLane = new Lane(first.audience(), first);
        first.audience(firstLane);
    }

    /** Waits, on the second attempt's thread, until it is due. False when there is no need for it. */
    boolean begins(Duration after) {
        settled.completeOnTimeout(null, after.toNanos(), TimeUnit.NANOSECONDS).join();
        return stage.compareAndSet(Stage.WAITING, Stage.RUNNING);
    }

    /** The second attempt has its place. False when the first has won meanwhile. */
    boolean enters(Attempt second) {
        Lane lane = new Lane(second.audience(), second);
        second.audience(lane);
        secondLane = lane;
        if (winner.get() != null) {
            lane.lose();
            return false;
        }
        return true;
    }

    /** The second attempt has ended; null: there was none after all. */
    void ended(@Nullable Attempt second) {
        if (second != null && second.answer() != null && winner.compareAndSet(null, second)) {
            firstLane.lose();
        }
        outcome.complete(second);
    }

    /** On the call's thread, after the first attempt: the attempt that counts. Waits for the second when need be. */
    Attempt settle() {
        cancel();
        if (stage.get() == Stage.SETTLED) {
            return first;
        }
        if (first.answer() != null && winner.compareAndSet(null, first)) {
            Lane other = secondLane;
            if (other != null) {
                other.lose();
            }
            return first;
        }
        Attempt second = outcome.join();
        return second == null ? first : second;
    }

    /** The attempt that was asked beside the first; null: none was. */
    @Nullable
    Attempt second() {
        Lane lane = secondLane;
        return lane == null ? null : lane.attempt;
    }

    /** Whether the other one was faster. */
    boolean lost(Attempt attempt) {
        Attempt won = winner.get();
        return won != null && won != attempt && (attempt == first || attempt == second());
    }

    /** The call is over, whatever became of it: nobody else is to be asked any more. */
    void cancel() {
        if (stage.compareAndSet(Stage.WAITING, Stage.SETTLED)) {
            settled.complete(null);
        }
    }

    /** Who waits for one of the two: the client, until the other has won. */
    private static final class Lane implements Audience {
        private final Audience client;
        private final Attempt attempt;
        private final List<Runnable> whenLost = new ArrayList<>(2);
        private boolean lost;

        Lane(Audience client, Attempt attempt) {
            this.client = client;
            this.attempt = attempt;
        }

        @Override
        public Loop loop() {
            return client.loop();
        }

        @Override
        public void onGone(Runnable task) {
            client.onGone(task);
            loop().run(() -> {
                if (lost) {
                    task.run();
                } else {
                    whenLost.add(task);
                }
            });
        }

        void lose() {
            attempt.fail(new ClientGone());
            loop().run(() -> {
                lost = true;
                whenLost.forEach(Runnable::run);
                whenLost.clear();
            });
        }
    }
}
