package dev.mehari.usage;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what was said in calls that wait in a queue: thousands may, and what was said in each may be a hundred kilobytes.
 * What finds no room waits without it. Thread-safe.
 */
public final class ContentRoom {
    /** Enough for a second of a thousand calls of ten pages each. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    public ContentRoom() {
        this(MOST_BYTES);
    }

    ContentRoom(long most) {
        this.most = most;
    }

    /** The call as it may wait: with what was said cut to nothing when too much waits already. */
    public CallRecord enter(CallRecord call) {
        CallContent said = call.content();
        if (said == null) {
            return call;
        }
        if (held.addAndGet(said.held()) <= most) {
            return call;
        }
        held.addAndGet(-said.held());
        return call.withContent(said.cut());
    }

    /** What {@link #enter} gave back waits no longer. */
    public void leave(CallRecord call) {
        CallContent said = call.content();
        if (said != null) {
            held.addAndGet(-said.held());
        }
    }
}
