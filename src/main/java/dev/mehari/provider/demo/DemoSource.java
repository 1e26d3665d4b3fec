package dev.mehari.provider.demo;

import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Plays a {@link DemoScript}. Everything happens on the call's own loop: the methods are called there and the timer
 * fires there, so nothing is locked. One instance an answer.
 *
 * <p>A delay runs from the delivery of the event before it. Time that passes while delivery is held back counts
 * towards it.
 */
public final class DemoSource implements EventSource {
    private final DemoScript script;
    private final Timer timer;

    private @Nullable EventSink sink;
    private int next;
    private @Nullable Cancellable wait;

    /** Whether the delay of the next step is over. */
    private boolean due;

    private boolean paused;
    private boolean closed;
    private boolean playing;

    public DemoSource(DemoScript script, Timer timer) {
        this.script = script;
        this.timer = timer;
    }

    /** Runs something later, on the loop of the call, never from within {@code after} itself. */
    public interface Timer {
        Cancellable after(Duration delay, Runnable task);
    }

    /** Something that was to run later. */
    public interface Cancellable {
        /** It will not run any more. Harmless when it has. */
        void cancel();
    }

    @Override
    public void start(EventSink sink) {
        this.sink = sink;
        play(sink);
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        EventSink to = sink;
        if (to != null && wait == null) {
            play(to);
        }
    }

    /** Nothing waits for the first token here. */
    @Override
    public void committed() {}

    /** The script ends by itself. */
    @Override
    public void finished() {}

    @Override
    public void close() {
        closed = true;
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
    }

    /** Delivers group by group up to the next delay. The sink may pause, resume or close while it is called. */
    private void play(EventSink to) {
        if (playing) {
            return;
        }
        playing = true;
        try {
            // Again after a flush: that is where a sink that had paused may have resumed.
            while (mayDeliver() && wait == null) {
                if (deliver(to) && !closed) {
                    to.flush();
                }
            }
        } finally {
            playing = false;
        }
    }

    /** Delivers what is due now and sets the timer for what is not; tells whether anything went out. */
    private boolean deliver(EventSink to) {
        boolean delivered = false;
        while (mayDeliver()) {
            DemoScript.Step step = script.steps().get(next);
            if (step.delay().isPositive() && !due) {
                wait = timer.after(step.delay(), () -> due(to));
                return delivered;
            }
            due = false;
            next++;
            delivered = true;
            to.accept(step.event());
        }
        return delivered;
    }

    private boolean mayDeliver() {
        return !paused && !closed && next < script.steps().size();
    }

    private void due(EventSink to) {
        wait = null;
        due = true;
        if (!closed) {
            play(to);
        }
    }
}
