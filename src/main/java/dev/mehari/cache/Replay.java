package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Playback.Step;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kept answer as the stream it was, at once or at a pace. One instance a stream. */
public final class Replay implements Iterator<Step> {
    private final ChatEvent.Start start;
    private final Iterator<ChatEvent> events;
    private final Duration pace;

    private @Nullable ChatEvent last;

    /**
     * @param start how the answer begins
     * @param events all that follows
     * @param pace between two pieces of the answer; zero: all at once
     */
    public Replay(ChatEvent.Start start, List<ChatEvent> events, Duration pace) {
        this.start = start;
        this.events = events.iterator();
        this.pace = pace;
    }

    @Override
    public boolean hasNext() {
        return last == null || events.hasNext();
    }

    @Override
    public Step next() {
        boolean afterPiece = last != null && last.commits();
        ChatEvent event = last == null ? start : events.next();
        last = event;
        return new Step(afterPiece ? pace : Duration.ZERO, event);
    }
}
