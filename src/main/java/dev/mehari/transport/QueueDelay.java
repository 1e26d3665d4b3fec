package dev.mehari.transport;

import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How long work waits in the gateway before it runs: for its turn on an event loop and for a carrier of virtual threads.
 * Measured by a task that goes the way of a call, ten times a second on each loop; calls themselves pay nothing for it.
 */
public final class QueueDelay {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final Loop loop;
    private final Consumer<Duration> observer;

    private QueueDelay(Loop loop, Consumer<Duration> observer) {
        this.loop = loop;
        this.observer = observer;
    }

    /**
     * Measures from now on, until Vert.x is closed.
     *
     * @param observer is told on the loops; must not block
     */
    public static void measure(Vertx vertx, int loops, Consumer<Duration> observer) {
        for (int i = 0; i < loops; i++) {
            Loop loop = new Loop(vertx, ((VertxInternal) vertx).createEventLoopContext());
            QueueDelay delay = new QueueDelay(loop, observer);
            loop.run(delay::next);
        }
    }

    private void next() {
        long due = System.nanoTime() + PERIOD.toNanos();
        loop.after(PERIOD, () -> Thread.ofVirtual().start(() -> loop.run(() -> back(due))));
    }

    private void back(long due) {
        observer.accept(Duration.ofNanos(Math.max(0, System.nanoTime() - due)));
        next();
    }
}
