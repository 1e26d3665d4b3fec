package dev.mehari.transport;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one attempt's time-outs with a single timer: a read only notes the time, and the timer, when it fires, looks
 * how far things have come and sets itself anew. On the loop only.
 */
final class AttemptClock {
    private final Loop loop;
    private final Timeouts timeouts;
    private final Consumer<String> tooSlow;

    private boolean awaitingFirstToken;
    private boolean streaming;
    private boolean held;
    private long startedNanos;
    private long lastReadNanos;
    private Loop.@Nullable Timer timer;

    /**
     * @param stream whether the first-token time-out applies
     * @param tooSlow told once what took too long, in words that follow the provider's name
     */
    AttemptClock(Loop loop, Timeouts timeouts, boolean stream, Consumer<String> tooSlow) {
        this.loop = loop;
        this.timeouts = timeouts;
        this.awaitingFirstToken = stream;
        this.tooSlow = tooSlow;
    }

    void start() {
        startedNanos = System.nanoTime();
        lastReadNanos = startedNanos;
        arm(startedNanos);
    }

    void stop() {
        Loop.Timer armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
        }
    }

    /** Something arrived from upstream. */
    void read() {
        lastReadNanos = System.nanoTime();
    }

    /** The first meaningful event has come: from now on silence counts. */
    void committed() {
        awaitingFirstToken = false;
        streaming = true;
        read();
        if (timer != null) {
            stop();
            arm(lastReadNanos);
        }
    }

    /** We hold the stream back ourselves, for a slow client: its silence is not the provider's. */
    void hold(boolean holding) {
        held = holding;
        read();
    }

    private void arm(long now) {
        long due = startedNanos + timeouts.total().toNanos();
        if (awaitingFirstToken) {
            due = Math.min(due, startedNanos + timeouts.firstToken().toNanos());
        } else if (streaming) {
            due = Math.min(due, (held ? now : lastReadNanos) + timeouts.idle().toNanos());
        }
        timer = loop.after(Duration.ofNanos(due - now), this::check);
    }

    private void check() {
        timer = null;
        // Timers count whole milliseconds and may fire a little early.
        long now = System.nanoTime() + 1_000_000;
        if (now - startedNanos >= timeouts.total().toNanos()) {
            tooSlow.accept("did not finish within " + timeouts.total().toMillis() + " ms");
        } else if (awaitingFirstToken
                && now - startedNanos >= timeouts.firstToken().toNanos()) {
            tooSlow.accept("sent no first token within " + timeouts.firstToken().toMillis() + " ms");
        } else if (streaming && !held && now - lastReadNanos >= timeouts.idle().toNanos()) {
            tooSlow.accept("fell silent for " + timeouts.idle().toMillis() + " ms in the middle of its stream");
        } else {
            arm(System.nanoTime());
        }
    }
}
