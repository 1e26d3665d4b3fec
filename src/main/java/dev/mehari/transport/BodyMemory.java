package dev.mehari.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the heap large bodies may hold together: requests a sixth, as each is there up to three times while it is
 * read, checked and written on; whole answers a twelfth, as one for a client of another API is there up to six times: as it
 * came and as it goes out, each in an array that has grown, and as text. Without it a handful of the largest allowed bodies
 * could exhaust a small heap. Bodies below {@link #STEP} are not counted. Thread-safe.
 */
final class BodyMemory {
    /** Bodies are counted in steps of so many bytes. */
    static final int STEP = 1024 * 1024;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** @param most bytes */
    BodyMemory(long most) {
        this.most = most;
    }

    /** Of requests: one of the largest size must fit, or it could never be served. */
    static BodyMemory ofHeap(int largestBody) {
        return new BodyMemory(Math.max(largestBody, Runtime.getRuntime().maxMemory() / 6));
    }

    /** Of answers, which providers may make as large as they like: none is sure to fit. */
    static BodyMemory ofAnswers() {
        return new BodyMemory(Runtime.getRuntime().maxMemory() / 12);
    }

    /** Bytes. */
    long most() {
        return most;
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
