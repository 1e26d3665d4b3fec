package dev.mehari.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an answer goes out to its client: head and bytes, whole or as a stream. On the client's loop; what it tells may be read
 * anywhere once it is over.
 */
final class ClientAnswer implements StreamWriter {
    private static final Logger log = LoggerFactory.getLogger(ClientAnswer.class);
    private static final byte[] NOTHING_MORE = new byte[0];

    private final Loop loop;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String requestId;
    private final Duration patience;
    private final BooleanSupplier leaving;

    private @Nullable Consumer<byte[]> copy;
    private boolean streaming;
    private boolean lastOnConnection;
    private long firstByteNanos;
    private long lastWriteNanos = System.nanoTime();
    private @Nullable KeepAlive keepAlive;
    private @Nullable Delivery delivery;
    private @Nullable ChunkedBody chunks;

    /**
     * @param patience with a client that takes nothing of an answer that is complete
     * @param leaving whether the gateway is about to stop, so that clients should not use the connection again
     */
    ClientAnswer(Loop loop, HttpServerRequest request, String requestId, Duration patience, BooleanSupplier leaving) {
        this.loop = loop;
        this.request = request;
        this.response = request.response();
        this.requestId = requestId;
        this.patience = patience;
        this.leaving = leaving;
    }

    /**
     * @param lost run when the client has left, also after {@code over}
     * @param over run once, when the last of the answer was handed over and when the connection was lost alike
     */
    void onEnd(Runnable lost, Runnable over) {
        response.exceptionHandler(cause -> lost.run());
        response.closeHandler(closed -> lost.run());
        response.endHandler(ended -> {
            Delivery delivering = delivery;
            if (delivering != null) {
                delivering.stop();
            }
            over.run();
        });
    }

    /** Has the bytes copied as they go out; before it begins. The arrays are not the copier's to keep. */
    void copyTo(Consumer<byte[]> copier) {
        this.copy = copier;
    }

    /** From now on, when nothing was sent for this long, these bytes are. */
    void keepAlive(Duration interval, byte[] bytes) {
        if (!isOver()) {
            keepAlive = new KeepAlive(loop, this, interval, bytes);
            keepAlive.start();
        }
    }

    void stopKeepAlive() {
        KeepAlive running = keepAlive;
        if (running != null) {
            running.stop();
            keepAlive = null;
        }
    }

    /** Sends a whole answer. */
    void whole(int status, List<Map.Entry<String, String>> headers, byte[] bytes) {
        stopKeepAlive();
        head(status, headers);
        SafeHeaders.putOnPage(response.headers(), response.headers().get("content-type"));
        passing(bytes, bytes.length);
        deliver(bytes);
    }

    private void deliver(byte[] rest) {
        Delivery last = new Delivery(loop, request, rest, patience);
        delivery = last;
        last.start();
    }

    /** Sends an error: with its status, or as the last event when a stream has begun. */
    void error(ErrorAnswer error) {
        if (delivery != null) {
            // The client has its answer, but does not take it.
            drop();
        } else if (streaming) {
            write(error.event(), error.event().length);
            end();
        } else {
            whole(error.status(), error.headers(), error.body());
        }
    }

    /** Begins an event stream with status 200, unless a sign of life has done so already: then its headers are lost. */
    void begin(List<Map.Entry<String, String>> headers) {
        if (!streaming) {
            streaming = true;
            response.putHeader("content-type", "text/event-stream; charset=utf-8");
            response.putHeader("cache-control", "no-cache");
            // nginx and its kin would collect the events otherwise.
            response.putHeader("x-accel-buffering", "no");
            head(200, headers);
            if (request.version() != HttpVersion.HTTP_2) {
                response.setChunked(true);
            }
            if (request.method() == HttpMethod.HEAD) {
                // All there is of it; an endless one would never end otherwise, and over HTTP/2 no body may come.
                deliver(NOTHING_MORE);
            }
        }
    }

    private void head(int status, List<Map.Entry<String, String>> headers) {
        response.setStatusCode(status);
        // Under OpenAI's name and under Anthropic's.
        response.putHeader("x-request-id", requestId).putHeader("request-id", requestId);
        SafeHeaders.put(response.headers());
        headers.forEach(this::put);
        takeLeave();
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

    /** HTTP/2 has a frame for it, HTTP/1.1 this header. Not without it: the client's next call would be under way. */
    private void takeLeave() {
        if (leaving.getAsBoolean() && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
            lastOnConnection = true;
        }
    }

    private void passing(byte[] bytes, int length) {
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
        Consumer<byte[]> copier = copy;
        if (copier != null) {
            copier.accept(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
        }
    }

    @Override
    public void write(byte[] bytes, int length) {
        // Cut short meanwhile, and its stream tells us in turn. A chunk of nothing would end the body.
        if (length > 0 && !isOver()) {
            passing(bytes, length);
            send(bytes, length);
        }
    }

    /** Sends a sign of life, which is no part of the answer. */
    void ping(byte[] bytes) {
        begin(List.of());
        if (!isOver()) {
            send(bytes, bytes.length);
        }
    }

    private void send(byte[] bytes, int length) {
        lastWriteNanos = System.nanoTime();
        ChunkedBody body = chunks;
        if (body != null) {
            body.write(bytes, length);
            return;
        }
        // The first takes the head along.
        Delivery.write(request, Buffer.buffer(length).appendBytes(bytes, 0, length));
        if (request.version() == HttpVersion.HTTP_1_1 && request.method() != HttpMethod.HEAD) {
            chunks = ChunkedBody.of(NettyChannel.of(request.connection()));
        }
    }

    @Override
    public boolean isFull() {
        return !isOver() && response.writeQueueFull();
    }

    @Override
    public void onRoom(Runnable task) {
        if (!isOver()) {
            response.drainHandler(drained -> task.run());
        }
    }

    @Override
    public void end() {
        // Also after an error event the body ends in order: cut short, it would make some clients throw away the event
        // itself, and closing behind it would break the next call of those that pool connections.
        stopKeepAlive();
        if (!isOver()) {
            deliver(NOTHING_MORE);
        }
    }

    @Override
    public void drop() {
        response.reset();
    }

    /** Closes the connection behind the answer when the client was told so. */
    void closeWhenLast() {
        if (lastOnConnection) {
            loop.later(() -> request.connection().close());
        }
    }

    /** Whether all of it was sent. */
    boolean isOver() {
        return response.ended();
    }

    /** The status that went out; 499: the client left before one did. */
    int status() {
        return response.headWritten() || response.ended() ? response.getStatusCode() : 499;
    }

    /** When its first byte went out, signs of life aside, as {@link System#nanoTime()}; 0: none did. */
    long firstByteNanos() {
        return firstByteNanos;
    }

    long lastWriteNanos() {
        return lastWriteNanos;
    }
}
