package dev.mehari.transport;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events of our own to one client, who is told until one of the two sides ends it. No thread waits for it. What a client
 * is too slow for it does not get: nothing gathers here, and one that takes nothing for {@link #PATIENCE} is let go.
 * Thread-safe; the body of a route that answers with it.
 */
public final class EventFeed {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Consumer<EventFeed> onOpen;
    private final Consumer<EventFeed> onGone;
    private final Duration patience;

    private volatile boolean over;
    private volatile @Nullable Loop loop;

    // Of the loop:
    private StreamWriter writer = StreamWriter.NONE;
    private long fullNanos;

    /**
     * @param onOpen told on the client's loop when events may be sent; must not block
     * @param onGone told once, on the client's loop, when the client gets no more of them; also when it never opened
     */
    public EventFeed(Consumer<EventFeed> onOpen, Consumer<EventFeed> onGone) {
        this(onOpen, onGone, PATIENCE);
    }

    EventFeed(Consumer<EventFeed> onOpen, Consumer<EventFeed> onGone, Duration patience) {
        this.onOpen = onOpen;
        this.onGone = onGone;
        this.patience = patience;
    }

    /** Begins. On the loop. */
    void open(Loop loop, StreamWriter writer) {
        if (!over) {
            this.writer = writer;
            this.loop = loop;
            onOpen.accept(this);
        }
    }

    /**
     * Sends events, unless the client is behind. Before the feed has opened and after its end nothing happens.
     *
     * @param events whole ones, as they stand in an event stream, in UTF-8; the array is not to be changed after that
     */
    public void send(byte[] events) {
        Loop at = loop;
        if (at != null && !over) {
            at.run(() -> write(events));
        }
    }

    private void write(byte[] events) {
        if (over) {
            return;
        }
        if (!writer.isFull()) {
            fullNanos = 0;
            writer.write(events, events.length);
            return;
        }
        long now = System.nanoTime();
        if (fullNanos == 0) {
            fullNanos = now;
        } else if (now - fullNanos > patience.toNanos()) {
            writer.drop();
            gone();
        }
    }

    /** Ends the answer in order. */
    public void end() {
        Loop at = loop;
        if (at != null && !over) {
            at.run(() -> {
                if (!over) {
                    writer.end();
                    gone();
                }
            });
        }
    }

    /** The client has left, or was let go. On the loop. */
    void gone() {
        if (!over) {
            over = true;
            onGone.accept(this);
        }
    }
}
