package dev.mehari.access;

import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.Overloaded;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Lets so many calls in at once; a few more wait a moment for a place, first come, first served. Thread-safe. */
public final class CallGate {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final IntSupplier most;
    private final int mostWaiting;
    private final Duration patience;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<CompletableFuture<Turn>> queue = new ConcurrentLinkedQueue<>();

    /** What waiting came to. */
    private enum Turn {
        ENTERED,
        TOO_LATE,
        LEFT
    }

    /**
     * @param most calls inside; may change at any time
     * @param mostWaiting calls that may wait; 0: none
     * @param patience how long one waits at most
     */
    public CallGate(IntSupplier most, int mostWaiting, Duration patience) {
        this.most = most;
        this.mostWaiting = mostWaiting;
        this.patience = patience;
    }

    /**
     * Enters, at once or after a wait, which blocks the calling virtual thread.
     *
     * @param onGone takes what to run when the caller leaves while it waits
     * @throws Overloaded the gateway is full, and so is the queue, or the wait was in vain
     * @throws ClientGone the caller has left
     */
    public void enter(Consumer<Runnable> onGone) {
        if (queue.isEmpty() && tryEnter()) {
            return;
        }
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            throw full();
        }
        CompletableFuture<Turn> turn = new CompletableFuture<>();
        queue.add(turn);
        try {
            switch (await(turn, onGone)) {
                case ENTERED -> {}
                case TOO_LATE -> throw full();
                case LEFT -> throw new ClientGone();
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    private Turn await(CompletableFuture<Turn> turn, Consumer<Runnable> onGone) {
        turn.completeOnTimeout(Turn.TOO_LATE, patience.toNanos(), TimeUnit.NANOSECONDS);
        onGone.accept(() -> turn.complete(Turn.LEFT));
        // A place may have become free before we stood in the queue.
        letIn();
        Turn came = turn.join();
        if (came != Turn.ENTERED) {
            queue.remove(turn);
        }
        return came;
    }

    private Overloaded full() {
        return new Overloaded(
                "The gateway has " + inside.get() + " calls in flight and takes no more for now.", RETRY_AFTER);
    }

    private boolean tryEnter() {
        int limit = most.getAsInt();
        for (int now = inside.get(); now < limit; now = inside.get()) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** A call that has entered is over. */
    public void leave() {
        inside.decrementAndGet();
        letIn();
    }

    /** Gives free places to those who wait. To be called also when more calls may be inside than before. */
    public void letIn() {
        // Looked at again after a place was taken and not needed: who came meanwhile has found the gateway full.
        while (!queue.isEmpty() && tryEnter()) {
            if (!passOn()) {
                inside.decrementAndGet();
            }
        }
    }

    /** Gives a place that was taken to the first who still wants it. */
    private boolean passOn() {
        for (CompletableFuture<Turn> next = queue.poll(); next != null; next = queue.poll()) {
            if (next.complete(Turn.ENTERED)) {
                return true;
            }
        }
        return false;
    }

    /** Calls in flight. */
    public int inside() {
        return inside.get();
    }

    /** Calls that wait for a place. */
    public int waiting() {
        return waiting.get();
    }

    /** How many calls may be in flight at present. */
    public int limit() {
        return most.getAsInt();
    }
}
