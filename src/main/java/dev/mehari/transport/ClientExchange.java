package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String path;
    private final String requestId;
    private final byte[] body;
    private final BooleanSupplier leaving;
    private final List<Runnable> whenGone = new ArrayList<>(2);
    private final List<Runnable> whenDone = new ArrayList<>(1);
    private final AtomicReference<Runnable> whenOver = new AtomicReference<>(NOTHING);
    private final long receivedNanos;
    private final long readNanos = System.nanoTime();

    private boolean gone;
    private boolean done;
    private long firstByteNanos;
    private long doneNanos;
    private @Nullable GatewayException failure;
    private @Nullable Consumer<byte[]> copy;
    private boolean answered;
    private boolean streaming;
    private boolean lastOnConnection;
    private long lastWriteNanos = readNanos;
    private Loop.@Nullable Timer keepAlive;

    /**
     * @param receivedNanos when the request's head was there
     * @param leaving whether the gateway is about to stop, so that clients should not use the connection again
     */
    ClientExchange(
            Loop loop,
            HttpServerRequest request,
            String path,
            String requestId,
            byte[] body,
            long receivedNanos,
            BooleanSupplier leaving) {
        this.loop = loop;
        this.request = request;
        this.response = request.response();
        this.path = path;
        this.requestId = requestId;
        this.body = body;
        this.receivedNanos = receivedNanos;
        this.leaving = leaving;
        response.exceptionHandler(cause -> leave());
        response.closeHandler(closed -> leave());
        // Called when the answer has gone out and when the connection was lost alike.
        response.endHandler(ended -> done());
    }

    @Override
    public Loop loop() {
        return loop;
    }

    public String method() {
        return request.method().name();
    }

    /** The address that the client, or the last proxy before us, has connected from; empty when it has none. */
    public String peer() {
        SocketAddress address = request.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "" : host;
    }

    /** The path asked for, without a trailing slash. */
    public String path() {
        return path;
    }

    /**
     * The query parameters, decoded; of one that comes twice the first. When they are not well encoded, one that has all of
     * them for its name: a door that knows what it may be asked refuses that, where none at all would ask for everything.
     */
    public Map<String, String> query() {
        if (request.query() == null) {
            return Map.of();
        }
        try {
            Map<String, String> query = new HashMap<>();
            request.params().forEach(parameter -> query.putIfAbsent(parameter.getKey(), parameter.getValue()));
            return query;
        } catch (IllegalArgumentException notEncoded) {
            return Map.of(request.query(), "");
        }
    }

    /** Whether the client's connection ends here and is encrypted. */
    public boolean isTls() {
        return request.isSSL();
    }

    /** The first value of a header, whatever its case. */
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    public MultiMap headers() {
        return request.headers();
    }

    /** The whole body, already decompressed. */
    public byte[] body() {
        return body;
    }

    /** The id this exchange carries in logs and in its answer, as {@code x-request-id} and {@code request-id}. */
    public String requestId() {
        return requestId;
    }

    /** When the request's head was there, as {@link System#nanoTime()}, like all instants here. */
    public long receivedNanos() {
        return receivedNanos;
    }

    /** When its body was there. */
    public long readNanos() {
        return readNanos;
    }

    /** When the first byte of the answer went out, keep-alive comments aside; 0: none did. Once it is over. */
    public long firstByteNanos() {
        return firstByteNanos;
    }

    /** When it was over. Once it is over. */
    public long doneNanos() {
        return doneNanos;
    }

    /** The status that went out; 499: the client left before one did. Once it is over. */
    public int status() {
        return response.headWritten() || response.ended() ? response.getStatusCode() : 499;
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

    /** Has the answer's bytes copied as they go out; before it begins. The arrays are not the copier's to keep. */
    public void copyTo(Consumer<byte[]> copier) {
        this.copy = copier;
    }

    private void done() {
        done = true;
        doneNanos = System.nanoTime();
        stopKeepAlive();
        // What still waits for this client has nobody to wait for: a stream, say, whose route broke after its commit.
        runAll(whenGone);
        whenDone.add(whenOver.getAndSet(OVER));
        runAll(whenDone);
        if (lastOnConnection) {
            loop.later(() -> request.connection().close());
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

    private void leave() {
        if (!gone && !response.ended()) {
            gone = true;
            stopKeepAlive();
            runAll(whenGone);
        }
    }

    /**
     * From now on, when nothing was sent for this long, these bytes tell the client that we live. The first ones commit
     * status 200, so an error after them is an event. For streaming calls only.
     */
    public void keepAlive(Duration interval, byte[] bytes) {
        if (interval.isPositive()) {
            loop.run(() -> armKeepAlive(interval, interval.toNanos(), bytes));
        }
    }

    private void armKeepAlive(Duration interval, long nanos, byte[] bytes) {
        if (!gone && !response.ended()) {
            keepAlive = loop.after(Duration.ofNanos(nanos), () -> {
                long silent = System.nanoTime() + 1_000_000 - lastWriteNanos;
                if (silent >= interval.toNanos() && !response.writeQueueFull()) {
                    beginStream(List.of());
                    write(Buffer.buffer(bytes));
                    silent = 0;
                }
                armKeepAlive(interval, Math.max(1, interval.toNanos() - silent), bytes);
            });
        }
    }

    private void stopKeepAlive() {
        Loop.Timer armed = keepAlive;
        if (armed != null) {
            armed.cancel();
            keepAlive = null;
        }
    }

    /** Sends a whole answer. */
    public void answer(int status, List<Map.Entry<String, String>> headers, byte[] bytes) {
        loop.run(() -> {
            if (mayAnswer()) {
                head(status, headers);
                end(bytes);
            }
        });
    }

    /** Sends a streamed answer: 200 and an event stream. */
    public void answer(List<Map.Entry<String, String>> headers, AnswerStream stream) {
        loop.run(() -> {
            if (mayAnswer()) {
                onGone(stream::abandon);
                beginStream(headers);
                stream.flowTo(new Writer());
            } else {
                stream.abandon();
            }
        });
    }

    /** Sends events that come from time to time, until one of the two sides ends it. */
    public void answer(List<Map.Entry<String, String>> headers, EventFeed feed) {
        loop.run(() -> {
            if (mayAnswer()) {
                beginStream(headers);
                onGone(feed::gone);
                feed.open(loop, new Writer());
            } else {
                feed.gone();
            }
        });
    }

    /** Sends an error: with its status, or as the last event when a stream has begun. */
    public void answer(ErrorAnswer error) {
        loop.run(() -> {
            if (!mayAnswer()) {
                return;
            }
            failure = error.reason();
            if (streaming) {
                Writer writer = new Writer();
                writer.write(error.event());
                writer.end();
            } else {
                head(error.status(), error.headers());
                end(error.body());
            }
        });
    }

    private void end(byte[] bytes) {
        passing(bytes);
        response.end(Bytes.wrap(bytes));
    }

    private void passing(byte[] bytes) {
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
        Consumer<byte[]> copier = copy;
        if (copier != null) {
            copier.accept(bytes);
        }
    }

    /** Ends this exchange for a reason of ours, whatever it waits for: by an error, or an error event in its stream. */
    void cutShort(ErrorAnswer error) {
        loop.run(() -> {
            if (!gone && !response.ended()) {
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

    private void head(int status, List<Map.Entry<String, String>> headers) {
        stopKeepAlive();
        response.setStatusCode(status);
        putRequestId();
        SafeHeaders.put(response.headers());
        headers.forEach(this::put);
        SafeHeaders.putOnPage(response.headers(), response.headers().get("content-type"));
        takeLeave();
    }

    private void beginStream(List<Map.Entry<String, String>> headers) {
        if (!streaming) {
            streaming = true;
            response.setStatusCode(200);
            putRequestId();
            SafeHeaders.put(response.headers());
            response.putHeader("content-type", "text/event-stream; charset=utf-8");
            response.putHeader("cache-control", "no-cache");
            // nginx and its kin would collect the events otherwise.
            response.putHeader("x-accel-buffering", "no");
            headers.forEach(this::put);
            takeLeave();
            if (request.version() != HttpVersion.HTTP_2) {
                response.setChunked(true);
            }
        }
    }

    /** HTTP/2 has a frame for it, HTTP/1.1 this header. Not without it: the client's next call would be under way. */
    private void takeLeave() {
        if (leaving.getAsBoolean() && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
            lastOnConnection = true;
        }
    }

    /** Under OpenAI's name and under Anthropic's. */
    private void putRequestId() {
        response.putHeader("x-request-id", requestId).putHeader("request-id", requestId);
    }

    private void put(Map.Entry<String, String> header) {
        try {
            response.putHeader(header.getKey(), header.getValue());
        } catch (IllegalArgumentException notAllowed) {
            // A route may have made it of what a client sent. The answer goes out all the same: nobody else would end
            // it.
            log.warn("header {} left out of [{}]: {}", header.getKey(), requestId, notAllowed.getMessage());
        }
    }

    private void write(Buffer bytes) {
        lastWriteNanos = System.nanoTime();
        // Without a handler Netty shares one promise for all parts of a chunk instead of making five.
        response.write(bytes, null);
    }

    /** The client's socket, seen from its stream. */
    private final class Writer implements StreamWriter {
        @Override
        public void write(byte[] bytes) {
            passing(bytes);
            ClientExchange.this.write(Bytes.wrap(bytes));
        }

        @Override
        public boolean isFull() {
            return response.writeQueueFull();
        }

        @Override
        public void onRoom(Runnable task) {
            response.drainHandler(drained -> task.run());
        }

        @Override
        public void end() {
            // Also after an error event the body ends in order: cut short, it would make some clients throw away the
            // event itself, and closing behind it would break the next call of those that pool connections.
            stopKeepAlive();
            response.end();
        }

        @Override
        public void drop() {
            response.reset();
        }
    }
}
