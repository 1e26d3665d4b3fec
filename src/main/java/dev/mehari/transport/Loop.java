package dev.mehari.transport;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;

/**
 * The event loop of one client's connection. All that happens to a call's sockets happens on it, so the state of a
 * stream needs no locks. Thread-safe.
 */
public final class Loop {
    private final Vertx vertx;
    private final Context context;

    Loop(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    /** Tells loops apart: contexts of one thread have the same. */
    Object thread() {
        return ((ContextInternal) context).nettyEventLoop();
    }

    /** Runs the task on the loop: now when called there, else as soon as the loop comes to it. */
    public void run(Runnable task) {
        if (Vertx.currentContext() == context) {
            task.run();
        } else {
            context.runOnContext(started -> task.run());
        }
    }

    /** Runs the task on the loop after everything that waits there already. */
    void later(Runnable task) {
        context.runOnContext(started -> task.run());
    }

    /** Runs the task on the loop after a delay (at least 1 ms). To be called on the loop. */
    public Timer after(Duration delay, Runnable task) {
        long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
        return () -> vertx.cancelTimer(id);
    }

    /** A delayed task that has not run yet. */
    public interface Timer {
        /** Drops the task; nothing happens when it has run already. */
        void cancel();
    }
}
