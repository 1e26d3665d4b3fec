package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.Internal;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was asked for by another call, as a stream of this one: what has come so far at once, then everything as
 * it comes. The answer gets an id and a time of its own. On the follower's loop only, but for being woken.
 */
public final class Following implements EventSource {
    private final Recording recording;
    private final FrameReader reader;
    private final ChatEvent.Start start;
    private final Executor loop;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable wake = this::wake;

    private @Nullable EventSink sink;
    private Recording.@Nullable Link place;
    private long read;
    private boolean paused;
    private boolean over;

    /**
     * @param reader takes the recording's frames apart; its own, as it keeps what frames build on
     * @param start how this call's answer begins
     * @param loop of this call's client
     */
    public Following(Recording recording, FrameReader reader, ChatEvent.Start start, Executor loop) {
        this.recording = recording;
        this.reader = reader;
        this.start = start;
        this.loop = loop;
    }

    @Override
    public void start(EventSink sink) {
        this.sink = sink;
        place = recording.follow(wake);
        if (place == null) {
            fail("the answer that was to be shared is gone");
            return;
        }
        read();
    }

    /**
     * Fails when nothing has come for that long, as the pace is that of another's client: for one that has told its own
     * client nothing yet and can still ask by itself. On the loop.
     *
     * @param later runs a task on the loop after a delay
     */
    public void giveUpAfter(Duration silence, BiConsumer<Duration, Runnable> later) {
        long before = read;
        later.accept(silence, () -> {
            if (!over && read == before) {
                end(new UpstreamTimeout("the call whose answer was to be shared has come to a standstill"));
            } else if (!over) {
                giveUpAfter(silence, later);
            }
        });
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(this::read);
        }
    }

    private void read() {
        woken.set(false);
        EventSink receiving = sink;
        Recording.Link at = place;
        if (over || receiving == null) {
            return;
        }
        try {
            while (!over && !paused && at != null && at.next != null) {
                at = at.next;
                place = at;
                ChatEvent event = at.event;
                if (event != null) {
                    read += EventSize.of(event);
                    reader.read(event, translated -> pass(translated, receiving));
                }
            }
            receiving.flush();
        } catch (RuntimeException defect) {
            // Nobody else would hear of it, and the client would wait.
            end(new Internal(defect));
        }
        if (!over && recording.size() - read > recording.most()) {
            fail("the client reads too slowly to share another call's answer");
        }
    }

    private void pass(ChatEvent event, EventSink receiving) {
        receiving.accept(event instanceof ChatEvent.Start ? start : event);
    }

    private void fail(String why) {
        end(new UpstreamUnavailable(503, why, null));
    }

    private void end(GatewayException reason) {
        EventSink receiving = sink;
        close();
        if (receiving != null) {
            receiving.accept(new ChatEvent.Failure(reason));
            receiving.flush();
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        // Not at once: whoever resumes is in the middle of its own work.
        wake();
    }

    @Override
    public void committed() {}

    @Override
    public void finished() {
        close();
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            place = null;
            recording.leave(wake);
        }
    }
}
