package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A kept answer as the stream it was, at once or at a pace. On its client's loop only. */
public final class Replay implements EventSource {
    /** Events between two looks at whether the client keeps up. */
    private static final int AT_ONCE = 64;

    private final ChatEvent.Start start;
    private final List<ChatEvent> events;
    private final Duration pace;
    private final BiConsumer<Duration, Runnable> later;

    private @Nullable EventSink sink;
    private int next;
    private boolean playing;
    private boolean waiting;
    private boolean paused;
    private boolean over;

    /**
     * @param start how the answer begins
     * @param events all that follows
     * @param pace between two pieces of the answer; zero: all at once
     * @param later runs a task on the loop after a delay
     */
    public Replay(ChatEvent.Start start, List<ChatEvent> events, Duration pace, BiConsumer<Duration, Runnable> later) {
        this.start = start;
        this.events = events;
        this.pace = pace;
        this.later = later;
    }

    @Override
    public void start(EventSink sink) {
        this.sink = sink;
        sink.accept(start);
        play();
    }

    private void play() {
        EventSink receiving = sink;
        if (receiving == null || playing || waiting) {
            return;
        }
        playing = true;
        while (!paused && !over && !waiting && next < events.size()) {
            ChatEvent event = events.get(next++);
            receiving.accept(event);
            if (pace.isPositive() && event.commits() && next < events.size()) {
                receiving.flush();
                waiting = true;
                later.accept(pace, this::goOn);
            } else if (next % AT_ONCE == 0) {
                receiving.flush();
            }
        }
        playing = false;
        receiving.flush();
    }

    private void goOn() {
        waiting = false;
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

    @Override
    public void committed() {}

    @Override
    public void finished() {
        over = true;
    }

    @Override
    public void close() {
        over = true;
    }
}
