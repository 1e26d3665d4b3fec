package dev.mehari.transport;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import java.util.concurrent.CompletableFuture;

/**
 * One streamed answer on its way from a provider to the client.
 *
 * <p>Until the first event that commits, bytes are held back and any failure is an ordinary one: another deployment may
 * still be tried. From then on the client gets everything as it comes, at the pace it reads, and a failure becomes one
 * error event. Lives on the client's loop; {@link #awaitCommit} is for the call's virtual thread.
 */
public final class AnswerStream implements EventSink {
    /** What is held back at most before the first meaningful event; more is sent on as it is. */
    static final int MAX_PREAMBLE_BYTES = 64 * 1024;

    /** What may gather between the commit and the route's end, which is a matter of microseconds. */
    private static final int MAX_WAITING_BYTES = 256 * 1024;

    private enum Stage {
        HOLDING,
        COMMITTED,
        FLOWING,
        OVER
    }

    private final Loop loop;
    private final EventSource source;
    private final EventEncoder encoder;
    private final StreamWatcher watcher;
    private final CompletableFuture<AnswerStream> committed = new CompletableFuture<>();

    private final ByteSink ready = new ByteSink(512);
    private Stage stage;
    private boolean started;
    private boolean ended;
    private long committedNanos;
    private boolean paused;
    private StreamWriter writer = StreamWriter.NONE;

    /**
     * @param encoder writes the events in the client's dialect
     * @param watcher sees every event once the attempt has committed and those held back before; must not block
     */
    public AnswerStream(Loop loop, EventSource source, EventEncoder encoder, StreamWatcher watcher) {
        this(loop, source, encoder, watcher, Stage.HOLDING);
    }

    private AnswerStream(Loop loop, EventSource source, EventEncoder encoder, StreamWatcher watcher, Stage stage) {
        this.stage = stage;
        this.loop = loop;
        this.source = source;
        this.encoder = encoder;
        this.watcher = watcher;
    }

    /** Of a source that is known to have an answer: it is read when the client is there, and nobody need wait for it. */
    public static AnswerStream known(Loop loop, EventSource source, EventEncoder encoder, StreamWatcher watcher) {
        return new AnswerStream(loop, source, encoder, watcher, Stage.COMMITTED);
    }

    /** Completed on the loop: when the attempt has committed, or with the {@link GatewayException} it failed with. */
    CompletableFuture<AnswerStream> committed() {
        return committed;
    }

    /** When the attempt committed, as {@link System#nanoTime()}. Once it has. */
    public long committedNanos() {
        return committedNanos;
    }

    /** Begins to read. On the loop. */
    void start() {
        if (stage == Stage.HOLDING) {
            started = true;
            source.start(this);
        }
    }

    /**
     * Starts the stream and waits until it has something to say.
     *
     * @throws GatewayException the attempt failed before that, or nobody waits any more
     */
    public AnswerStream awaitCommit(Audience audience) {
        loop.run(() -> {
            audience.onGone(this::abandon);
            start();
        });
        return Awaited.by(committed);
    }

    @Override
    public void accept(ChatEvent event) {
        if (stage == Stage.OVER || ended) {
            return;
        }
        if (event instanceof ChatEvent.End && stage == Stage.HOLDING) {
            accept(new ChatEvent.Failure(new UpstreamProtocol("the provider ended its stream without an answer")));
            return;
        }
        watcher.watch(event);
        switch (event) {
            case ChatEvent.Failure failure -> fail(failure);
            case ChatEvent.End end -> end(end);
            default -> {
                encoder.encode(event, ready);
                if (stage == Stage.HOLDING && (event.commits() || ready.length() > MAX_PREAMBLE_BYTES)) {
                    commit();
                }
                if (stage == Stage.COMMITTED && ready.length() > MAX_WAITING_BYTES) {
                    pause();
                }
            }
        }
    }

    private void commit() {
        stage = Stage.COMMITTED;
        committedNanos = System.nanoTime();
        source.committed();
        committed.complete(this);
    }

    private void fail(ChatEvent.Failure failure) {
        ended = true;
        source.close();
        if (stage == Stage.HOLDING) {
            stage = Stage.OVER;
            committed.completeExceptionally(failure.reason());
            return;
        }
        encoder.encode(failure, ready);
        flush();
    }

    private void end(ChatEvent.End end) {
        ended = true;
        source.finished();
        encoder.encode(end, ready);
        flush();
    }

    @Override
    public void flush() {
        if (stage != Stage.FLOWING) {
            return;
        }
        if (!ready.isEmpty()) {
            byte[] bytes = ready.array();
            int length = ready.length();
            // First: a write that makes room may let the source tell more from within.
            ready.clear();
            writer.write(bytes, length);
        }
        if (ended) {
            stage = Stage.OVER;
            writer.end();
        } else if (writer.isFull()) {
            pause();
        }
    }

    /** Hands the committed stream to the client: what was held goes out, then everything as it comes. */
    void flowTo(StreamWriter client) {
        if (stage != Stage.COMMITTED) {
            return;
        }
        writer = client;
        stage = Stage.FLOWING;
        client.onRoom(this::resume);
        if (!started) {
            started = true;
            source.start(this);
        }
        resume();
        flush();
    }

    private void pause() {
        if (!paused && !ended) {
            paused = true;
            source.pause();
        }
    }

    private void resume() {
        if (paused && !ended) {
            paused = false;
            source.resume();
        }
    }

    /** The client has left, or nobody will read this: closes upstream, unless somebody else wants the rest. */
    void abandon() {
        if (stage == Stage.HOLDING || stage == Stage.OVER || ended || !watcher.isWanted()) {
            close();
        } else {
            // What it reads goes nowhere but to those.
            stage = Stage.FLOWING;
            writer = StreamWriter.NONE;
            resume();
            flush();
        }
    }

    private void close() {
        if (stage != Stage.OVER) {
            Stage was = stage;
            stage = Stage.OVER;
            if (!ended) {
                source.close();
                watcher.watch(new ChatEvent.Failure(new GatewayException.ClientGone()));
            }
            if (was == Stage.HOLDING) {
                committed.completeExceptionally(new GatewayException.ClientGone());
            }
        }
    }
}
