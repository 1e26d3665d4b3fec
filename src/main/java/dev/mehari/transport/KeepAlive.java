package dev.mehari.transport;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the client of a stream that we live, whenever it has been told nothing for a while. On the client's loop only.
 */
final class KeepAlive {
    /** So much early is in time: timers count whole milliseconds. */
    private static final long TOLERANCE_NANOS = 1_000_000;

    private final Loop loop;
    private final ClientAnswer answer;
    private final long intervalNanos;
    private final byte[] bytes;
    private Loop.@Nullable Timer armed;
    private boolean stopped;

    /** @param bytes what it is told */
    KeepAlive(Loop loop, ClientAnswer answer, Duration interval, byte[] bytes) {
        this.loop = loop;
        this.answer = answer;
        this.intervalNanos = interval.toNanos();
        this.bytes = bytes;
    }

    void start() {
        arm(intervalNanos);
    }

    void stop() {
        stopped = true;
        Loop.Timer timer = armed;
        if (timer != null) {
            timer.cancel();
            armed = null;
        }
    }

    private void arm(long nanos) {
        if (!stopped) {
            armed = loop.after(Duration.ofNanos(nanos), this::look);
        }
    }

    private void look() {
        long silent = System.nanoTime() + TOLERANCE_NANOS - answer.lastWriteNanos();
        if (silent < intervalNanos) {
            arm(intervalNanos - silent);
            return;
        }
        if (!answer.isFull()) {
            answer.ping(bytes);
        }
        // A client that takes nothing is told nothing, and looked at no sooner again.
        arm(intervalNanos);
    }
}
