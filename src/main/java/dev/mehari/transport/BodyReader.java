package dev.mehari.transport;

import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.Overloaded;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/** Reads the body of one request, up to a limit. On the request's loop only. */
final class BodyReader {
    private static final Duration TO_READ_OUR_ANSWER = Duration.ofSeconds(5);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** So many pieces may come whatever their size, as chunks or as packets. */
    private static final int FREE_PIECES = 10_000;

    /** Each piece costs more to take than that many bytes are worth. */
    private static final int LEAST_PIECE = 16;

    private final Loop loop;
    private final HttpServerRequest request;
    private final int maxBytes;
    private final Duration most;
    private final Promise<byte[]> read = Promise.promise();
    private final Bytes body;
    private final BodyMemory memory;
    private int held;
    private int pieces;
    private boolean broken;

    /** @param most time for the whole body */
    BodyReader(Loop loop, HttpServerRequest request, int maxBytes, Duration most, BodyMemory memory) {
        this.loop = loop;
        this.request = request;
        this.maxBytes = maxBytes;
        this.most = most;
        this.memory = memory;
        int told = Bytes.length(request.getHeader("content-length"));
        // A large body that tells its length gets exactly that, once there is room for it.
        boolean hasRoom = told <= BodyMemory.STEP || hold(told);
        this.body = Bytes.expecting(hasRoom ? told : 0, maxBytes);
    }

    /** The whole body; fails with an {@link HttpFault} when it is too large, with another cause when it breaks off. */
    Future<byte[]> read() {
        Loop.Timer late = loop.after(most, () -> read.tryFail(Refusals.late("body", most)));
        read.future().onComplete(ended -> late.cancel());
        request.exceptionHandler(read::tryFail);
        request.handler(this::take);
        request.endHandler(ended -> {
            if (!read.future().isComplete()) {
                read.complete(body.all());
            }
        });
        return read.future();
    }

    private void take(Buffer part) {
        if (read.future().isComplete()) {
            return;
        }
        if (!body.add(part)) {
            read.tryFail(tooLarge(maxBytes));
        } else if (++pieces > FREE_PIECES && body.length() / pieces < LEAST_PIECE) {
            read.tryFail(new InvalidRequest(null, "the request body comes in too many small pieces"));
        } else if (body.length() - held > BodyMemory.STEP) {
            hold(body.length() - held);
        }
    }

    /** The body cannot be cut, so that its end will never come. False when it has come, or when it was refused before. */
    boolean breakOff(Throwable cause) {
        broken = true;
        return read.tryFail(cause);
    }

    /** Whether nobody can tell where the next request begins. */
    boolean isBroken() {
        return broken;
    }

    private boolean hold(int bytes) {
        if (memory.tryHold(bytes)) {
            held += bytes;
            return true;
        }
        read.tryFail(new Overloaded("The gateway holds too many large requests already.", RETRY_AFTER));
        return false;
    }

    /** Gives back what the body held of the memory for large ones. Once, when its exchange is over. */
    void release() {
        memory.release(held);
        held = 0;
    }

    static HttpFault tooLarge(int maxBytes) {
        return new HttpFault(
                413,
                "request_too_large",
                "The request body is larger than " + maxBytes + " bytes, the limit of this gateway"
                        + " (mehari.limits.body-size).");
    }

    /**
     * Reads on without keeping anything, so that a client that is still sending can read its answer; then cuts it off: the
     * connection, or of HTTP/2 the stream, as its neighbours have done nothing.
     */
    static void discard(Loop loop, HttpServerRequest request) {
        request.handler(part -> {});
        request.resume();
        loop.after(TO_READ_OUR_ANSWER, () -> {
            if (request.isEnded() || request.response().closed()) {
                return;
            }
            if (request.version() == HttpVersion.HTTP_2) {
                // RFC 9113 §8.1: all is answered, no more need be sent.
                request.response().reset(Http2Error.NO_ERROR.code());
            } else {
                request.connection().close();
            }
        });
    }
}
