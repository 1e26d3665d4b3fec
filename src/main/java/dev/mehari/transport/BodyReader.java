package dev.mehari.transport;

import dev.mehari.chat.GatewayException.HttpFault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads the body of one request, up to a limit. On the request's loop only. */
final class BodyReader {
    private final HttpServerRequest request;
    private final int maxBytes;
    private final Promise<byte[]> read = Promise.promise();
    private final Bytes body;

    BodyReader(HttpServerRequest request, int maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.body = Bytes.expecting(request.getHeader("content-length"), maxBytes);
    }

    /** The whole body; fails with an {@link HttpFault} when it is too large, with another cause when it breaks off. */
    Future<byte[]> read() {
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
        if (!body.add(part)) {
            read.tryFail(tooLarge(maxBytes));
        }
    }

    static HttpFault tooLarge(int maxBytes) {
        return new HttpFault(
                413,
                "request_too_large",
                "The request body is larger than " + maxBytes + " bytes, the limit of this gateway"
                        + " (mehari.limits.body-size).");
    }

    /** Reads on without keeping anything, so that a client that is still sending can read its answer. */
    static void discard(HttpServerRequest request) {
        request.handler(part -> {});
        request.resume();
    }
}
