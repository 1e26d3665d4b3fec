package dev.mehari.chat;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plays events that are known beforehand, in their time and as far as the client has room for them. Everything happens on
 * the call's own loop: the methods are called there and the timer fires there, so nothing is locked. One instance an answer.
 *
 * <p>A delay runs from the delivery of the event before it. Time that passes while delivery is held back counts towards it.
 */
public final class Playback implements EventSource {
    /** Events between two looks at whether the client keeps up. */
    private static final int AT_ONCE = 64;

    /** Bytes of a frame that is worth a look by itself: it may be as long as a whole answer. */
    private static final int LARGE = 16 * 1024;

    private final Iterator<Step> steps;
    private final Timer timer;

    private @Nullable EventSink sink;
    private @Nullable Step next;
    private @Nullable Cancellable wait;
    private boolean paused;
    private boolean over;
    private boolean playing;

    /** One event, {@code delay} after the one before it. */
    public record Step(Duration delay, ChatEvent event) {
        /** At the same instant as the one before it. */
        public static Step now(ChatEvent event) {
            return new Step(Duration.ZERO, event);
        }
    }

    /** Runs something later, on the loop of the call, never from within {@code after} itself. */
    public interface Timer {
        /** For what has no delays. */
        Timer NONE = (delay, task) -> {
            throw new IllegalStateException("nothing here takes its time");
        };

        Cancellable after(Duration delay, Runnable task);
    }

    /** Something that was to run later. */
    public interface Cancellable {
        /** It will not run any more. Harmless when it has. */
        void cancel();
    }

    /** @param steps asked for the next one only when its turn has come, or that of its delay */
    public Playback(Iterator<Step> steps, Timer timer) {
        this.steps = steps;
        this.timer = timer;
    }

    @Override
    public void start(EventSink sink) {
        this.sink = sink;
        play();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        play();
    }

    /** Nothing waits for the first token here. */
    @Override
    public void committed() {}

    @Override
    public void finished() {
        close();
    }

    @Override
    public void close() {
        over = true;
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
    }

    /** The sink may pause, resume or close while it is called. */
    private void play() {
        EventSink to = sink;
        if (to == null || playing) {
            return;
        }
        playing = true;
        try {
            // Again after a flush: that is where a sink that had paused may have resumed.
            while (isDue()) {
                deliver(to);
                if (!over) {
                    to.flush();
                }
            }
        } finally {
            playing = false;
        }
    }

    /** Up to the next delay, or the next look at whether the client keeps up. */
    private void deliver(EventSink to) {
        boolean large = false;
        for (int told = 0; told < AT_ONCE && !large && isDue(); told++) {
            ChatEvent event = Objects.requireNonNull(next).event();
            next = null;
            large = event instanceof ChatEvent.Frame frame && frame.bytes().length > LARGE;
            to.accept(event);
        }
    }

    /** Whether there is a next step whose time has come. Its delay begins to run here. */
    private boolean isDue() {
        if (paused || over) {
            return false;
        }
        if (next == null && steps.hasNext()) {
            next = steps.next();
            wait = next.delay().isPositive() ? timer.after(next.delay(), this::goOn) : null;
        }
        return next != null && wait == null;
    }

    private void goOn() {
        wait = null;
        play();
    }
}
