package dev.mehari.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the heap large request bodies may hold together: a sixth, as each is there up to three times while it is
 * read, checked and written on. Without it a handful of the largest allowed bodies could exhaust a small heap. Bodies
 * below {@link #STEP} are not counted. Thread-safe.
 */
final class BodyMemory {
    /** Bodies are counted in steps of so many bytes. */
    static final int STEP = 1024 * 1024;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** @param most bytes; at least one body of the largest size must fit, or it could never be served */
    BodyMemory(long most) {
        this.most = most;
    }

    static BodyMemory ofHeap(int largestBody) {
        return new BodyMemory(Math.max(largestBody, Runtime.getRuntime().maxMemory() / 6));
    }

    /** Whether so much more may be held; then it is. */
    boolean tryHold(int bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        held.addAndGet(-bytes);
    }
}
