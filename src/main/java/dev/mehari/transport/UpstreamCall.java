package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a provider: connecting, sending, waiting, and giving up in time. Lives on the loop of the
 * client it serves; only {@link #response()} may be touched from elsewhere.
 */
final class UpstreamCall {
    private static final byte[] NOTHING = new byte[0];
    private static final Duration BEFORE_CONNECT_RETRY = Duration.ofMillis(50);

    /** A round trip around the world: the end of a connection that was closed before we sent has come by then. */
    private static final long END_UNDER_WAY_NANOS = 500_000_000;

    private final Loop loop;
    private final UpstreamPool pool;
    private final UpstreamRequest request;
    private final StreamCodec codec;
    private final int maxAnswerBytes;
    private final Audience audience;
    private final BodyMemory memory;
    private final CompletableFuture<UpstreamResponse> response = new CompletableFuture<>();
    private final AttemptClock clock;

    private @Nullable HttpClientRequest sent;
    private @Nullable UpstreamStream stream;
    private int connectRetries;
    private boolean sentAnew;
    private boolean over;

    /** @param memory for whole answers */
    UpstreamCall(
            Audience audience,
            UpstreamPool pool,
            UpstreamRequest request,
            StreamCodec codec,
            int maxAnswerBytes,
            BodyMemory memory) {
        this.audience = audience;
        this.loop = audience.loop();
        this.pool = pool;
        this.request = request;
        this.codec = codec;
        this.maxAnswerBytes = maxAnswerBytes;
        this.memory = memory;
        this.clock = new AttemptClock(loop, request.timeouts(), request.stream(), this::tooSlow);
    }

    /** Completed with the answer or its head, or with a {@link GatewayException}. */
    CompletableFuture<UpstreamResponse> response() {
        return response;
    }

    void start() {
        if (over) {
            return;
        }
        clock.start();
        codec.times().begins();
        try {
            connect();
        } catch (RuntimeException defect) {
            // Nobody else would hear of it, and the call would wait for its time-out.
            fail(new GatewayException.Internal(defect));
        }
    }

    private void connect() {
        Future<HttpClientRequest> connecting = sentAnew
                ? pool.requestAnew(request.method(), request.path())
                : pool.request(request.method(), request.path());
        connecting.onComplete(connected -> {
            if (connected.succeeded()) {
                send(connected.result());
            } else if (!over && (UpstreamFault.isTimeout(connected.cause()) || !retried())) {
                fail(UpstreamFault.unreachable(request.target(), connected.cause()));
            }
        });
    }

    /** Tries again, after a failure that the provider cannot have begun to answer before. */
    private boolean retried() {
        if (connectRetries++ == request.target().connectRetries()) {
            return false;
        }
        sent = null;
        loop.after(BEFORE_CONNECT_RETRY, () -> {
            if (!over) {
                connect();
            }
        });
        return true;
    }

    private void send(HttpClientRequest connected) {
        if (over) {
            pool.drop(connected);
            return;
        }
        sent = connected;
        boolean first = pool.isFirst(connected);
        codec.times().connected(first);
        // What breaks the request fails its answer too; without a handler Vert.x logs each departed client as an error.
        connected.exceptionHandler(cause -> {});
        try {
            request.headers().forEach(header -> connected.putHeader(header.getKey(), header.getValue()));
        } catch (IllegalArgumentException notAllowed) {
            // Nobody else would hear of it, and the call would wait for its time-out.
            sent = null;
            pool.drop(connected);
            fail(new GatewayException.Internal(notAllowed));
            return;
        }
        // Then the provider may have closed it while nobody looked.
        boolean kept = !first && connected.version() != HttpVersion.HTTP_2;
        long sentNanos = System.nanoTime();
        connected.send(Bytes.wrap(request.body())).onComplete(answered -> {
            if (answered.succeeded()) {
                read(answered.result());
            } else if (!over && !goesOut(answered.cause(), connected, kept, sentNanos)) {
                fail(UpstreamFault.unanswered(name(), answered.cause()));
            }
        });
        codec.times().sent();
    }

    /** Whether it is sent once more, as the provider cannot have begun with it. */
    private boolean goesOut(Throwable cause, HttpClientRequest failed, boolean kept, long sentNanos) {
        if (Http2Refusal.isBy(cause, failed)) {
            return retried();
        }
        boolean wasClosed = cause instanceof IOException || cause instanceof HttpClosedException;
        if (!kept || !wasClosed || sentAnew || System.nanoTime() - sentNanos > END_UNDER_WAY_NANOS) {
            return false;
        }
        sentAnew = true;
        sent = null;
        connect();
        return true;
    }

    private void read(HttpClientResponse head) {
        if (over) {
            return;
        }
        codec.times().headers();
        codec.begins(head::getHeader);
        String coding = head.getHeader("content-encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            // Never asked for, and nothing is unpacked here: a small answer may be a very large one.
            fail(new UpstreamProtocol(
                    "provider \"" + name() + "\" answered in a compression that it was not asked for"));
            return;
        }
        if (request.stream() && head.statusCode() / 100 == 2 && isEventStream(head)) {
            open(head);
        } else {
            collect(head);
        }
    }

    /** Reads the stream at once, on the loop: the call's thread is woken when there is something to say. */
    private void open(HttpClientResponse head) {
        UpstreamStream source = new UpstreamStream(loop, head, codec.newDecoder(), clock, this::close, name());
        stream = source;
        AnswerStream answer = new AnswerStream(loop, source, codec.newEncoder(), codec);
        answer.committed().whenComplete((committed, failure) -> {
            if (failure == null) {
                codec.times().answered();
                response.complete(new UpstreamResponse(head.statusCode(), head.headers(), NOTHING, committed));
            } else {
                codec.times().ended();
                response.completeExceptionally(failure);
            }
        });
        answer.start();
    }

    private void collect(HttpClientResponse head) {
        AnswerBody body = new AnswerBody(head, name(), maxAnswerBytes, audience, memory);
        head.handler(part -> take(part, body));
        head.exceptionHandler(
                cause -> fail(UpstreamFault.brokenOff(name(), "broke off in the middle of its answer", cause)));
        head.endHandler(ended -> {
            if (!over) {
                over = true;
                clock.stop();
                codec.times().answered();
                codec.times().ended();
                response.complete(new UpstreamResponse(head.statusCode(), head.headers(), body.all(), null));
            }
        });
    }

    private void take(Buffer part, AnswerBody body) {
        if (!over) {
            try {
                body.add(part);
            } catch (GatewayException tooMuch) {
                fail(tooMuch);
            }
        }
    }

    /** Gives the request up and closes its connection, whatever it waits for; an open stream ends with that reason. */
    void cancel(GatewayException reason) {
        UpstreamStream opened = stream;
        if (opened == null) {
            fail(reason);
        } else {
            opened.fail(reason);
        }
    }

    private void tooSlow(String what) {
        HttpClientRequest slow = sent;
        if (slow != null) {
            pool.doubt(slow, loop);
        }
        cancel(new UpstreamTimeout("provider \"" + name() + "\" " + what));
    }

    private void fail(GatewayException reason) {
        if (!over) {
            close();
            codec.times().ended();
            response.completeExceptionally(reason);
        }
    }

    private void close() {
        over = true;
        clock.stop();
        HttpClientRequest open = sent;
        if (open != null) {
            open.reset(UpstreamPool.CANCEL);
        }
    }

    private String name() {
        return request.target().name();
    }

    private static boolean isEventStream(HttpClientResponse head) {
        String header = head.getHeader("content-type");
        String type = header == null ? "" : header.toLowerCase(Locale.ROOT);
        // Server-sent events, or the frames of AWS.
        return type.startsWith("text/event-stream") || type.startsWith("application/vnd.amazon.eventstream");
    }
}
