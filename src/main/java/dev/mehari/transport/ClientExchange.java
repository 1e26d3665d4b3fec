package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of a client and our answer to it, exactly one: whole, streamed, or an error. Reading is safe from any
 * thread; answering may be called from any thread and happens on the client's loop.
 */
public final class ClientExchange implements Audience {
    private static final Logger log = LoggerFactory.getLogger(ClientExchange.class);
    private static final Runnable NOTHING = () -> {};
    private static final Runnable OVER = () -> {};

    private final Loop loop;
    private final ClientRequest request;
    private final ClientAnswer answer;
    private final List<Runnable> whenGone = new ArrayList<>(2);
    private final List<Runnable> whenDone = new ArrayList<>(1);
    private final AtomicReference<Runnable> whenOver = new AtomicReference<>(NOTHING);

    private boolean gone;
    private boolean done;
    private boolean answered;
    private long doneNanos;
    private @Nullable GatewayException failure;

    ClientExchange(Loop loop, ClientRequest request, ClientAnswer answer) {
        this.loop = loop;
        this.request = request;
        this.answer = answer;
        answer.onEnd(this::leave, this::done);
    }

    /** The client whose request a door has let into a route. */
    public static ClientExchange of(Exchange exchange) {
        return exchange.getProperty(RouteExchange.CLIENT, ClientExchange.class);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    /** What the client asks for. */
    public ClientRequest request() {
        return request;
    }

    /** When the first byte of the answer went out, keep-alive comments aside; 0: none did. Once it is over. */
    public long firstByteNanos() {
        return answer.firstByteNanos();
    }

    /** When it was over, as {@link System#nanoTime()}. Once it is over. */
    public long doneNanos() {
        return doneNanos;
    }

    /** The status that went out; 499: the client left before one did. Once it is over. */
    public int status() {
        return answer.status();
    }

    /** Whether the client left before its answer was complete. Once it is over. */
    public boolean wasLeft() {
        return gone;
    }

    /** The failure that the client was told; null: none. Once it is over. */
    public @Nullable GatewayException failure() {
        return failure;
    }

    /**
     * Runs a task on the loop when nobody waits for this exchange any more: the client has left, or its answer is
     * complete. At once when that has happened.
     */
    @Override
    public void onGone(Runnable task) {
        loop.run(() -> {
            if (gone || done) {
                task.run();
            } else {
                whenGone.add(task);
            }
        });
    }

    /** Runs a task on the loop once this exchange is over: answered to the end, or left. */
    public void onDone(Runnable task) {
        loop.run(() -> {
            if (done) {
                task.run();
            } else {
                whenDone.add(task);
            }
        });
    }

    /**
     * Runs a task once this exchange is over and whoever waited for it was told: on the loop, or at once on this thread when
     * it is over already. Spares the way to the loop that {@link #onDone} takes. There is one such task.
     */
    public void whenOver(Runnable task) {
        if (!whenOver.compareAndSet(NOTHING, task)) {
            task.run();
        }
    }

    private void done() {
        done = true;
        doneNanos = System.nanoTime();
        answer.stopKeepAlive();
        // What still waits for this client has nobody to wait for: a stream, say, whose route broke after its commit.
        runAll(whenGone);
        whenDone.add(whenOver.getAndSet(OVER));
        runAll(whenDone);
        answer.closeWhenLast();
    }

    private void leave() {
        if (!gone && !answer.isOver()) {
            gone = true;
            answer.stopKeepAlive();
            runAll(whenGone);
        }
    }

    private static void runAll(List<Runnable> tasks) {
        List<Runnable> all = List.copyOf(tasks);
        tasks.clear();
        for (Runnable task : all) {
            try {
                task.run();
            } catch (RuntimeException defect) {
                log.error("a task at the end of an exchange failed", defect);
            }
        }
    }

    /** Has the answer's bytes copied as they go out; before it begins. The arrays are not the copier's to keep. */
    public void copyTo(Consumer<byte[]> copier) {
        answer.copyTo(copier);
    }

    /**
     * From now on, when nothing was sent for this long, these bytes tell the client that we live. The first ones commit
     * status 200, so an error after them is an event. For streaming calls only.
     */
    public void keepAlive(Duration interval, byte[] bytes) {
        if (interval.isPositive()) {
            loop.run(() -> {
                if (!gone) {
                    answer.keepAlive(interval, bytes);
                }
            });
        }
    }

    /** Sends a whole answer. */
    public void answer(int status, List<Map.Entry<String, String>> headers, byte[] bytes) {
        loop.run(() -> {
            if (mayAnswer()) {
                answer.whole(status, headers, bytes);
            }
        });
    }

    /** Sends a streamed answer: 200 and an event stream. */
    public void answer(List<Map.Entry<String, String>> headers, AnswerStream stream) {
        loop.run(() -> {
            if (mayAnswer()) {
                onGone(stream::abandon);
                answer.begin(headers);
                stream.flowTo(answer);
            } else {
                stream.abandon();
            }
        });
    }

    /** Sends events that come from time to time, until one of the two sides ends it. */
    public void answer(List<Map.Entry<String, String>> headers, EventFeed feed) {
        loop.run(() -> {
            if (mayAnswer()) {
                answer.begin(headers);
                onGone(feed::gone);
                feed.open(loop, answer);
            } else {
                feed.gone();
            }
        });
    }

    /** Sends an error: with its status, or as the last event when a stream has begun. */
    public void answer(ErrorAnswer error) {
        loop.run(() -> {
            if (mayAnswer()) {
                failure = error.reason();
                answer.error(error);
            }
        });
    }

    /** Ends this exchange for a reason of ours, whatever it waits for: by an error, or an error event in its stream. */
    void cutShort(ErrorAnswer error) {
        loop.run(() -> {
            if (!gone && !answer.isOver()) {
                answered = false;
                answer(error);
            }
        });
    }

    private boolean mayAnswer() {
        if (gone || answered) {
            return false;
        }
        answered = true;
        return true;
    }
}
