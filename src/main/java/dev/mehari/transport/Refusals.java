package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.InvalidRequest;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Answers requests that no route gets to see. On the request's loop. */
final class Refusals {
    private final HttpDoors doors;
    private final GracefulStop stop;

    Refusals(HttpDoors doors, GracefulStop stop) {
        this.doors = doors;
        this.stop = stop;
    }

    void refuse(Loop loop, HttpServerRequest request, String path, long receivedNanos, GatewayException fault) {
        refuse(loop, request, path, receivedNanos, fault, false);
    }

    /**
     * What is left of the request is read for a moment, so that the answer gets through.
     *
     * @param receivedNanos when its head was there
     * @param broken nobody can tell where the next request begins
     */
    void refuse(
            Loop loop,
            HttpServerRequest request,
            String path,
            long receivedNanos,
            GatewayException fault,
            boolean broken) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        String requestId = RequestId.of(request);
        ErrorAnswer error = doors.fault(path, requestId, fault);
        doors.refused(new Refusal(request.method().name(), path, requestId, fault, receivedNanos));
        MultiMap headers = request.response().headers();
        headers.set("x-request-id", requestId).set("request-id", requestId);
        SafeHeaders.put(headers);
        for (Map.Entry<String, String> header : error.headers()) {
            headers.set(header.getKey(), header.getValue());
        }
        List<String> methods = fault.status() == 405 ? doors.methodsAt(path) : List.of();
        if (!methods.isEmpty()) {
            headers.set("allow", String.join(", ", methods));
        }
        boolean last = request.version() != HttpVersion.HTTP_2 && (stop.isLeaving() || broken || endsInDoubt(request));
        if (last) {
            headers.set("connection", "close");
        }
        request.response().setStatusCode(error.status());
        Future<Void> sent = Delivery.end(request, error.body());
        if (last && request.decoderResult().isSuccess()) {
            sent.onComplete(told -> hangUp(request.connection()));
        }
        if (last && request.isEnded()) {
            loop.later(() -> request.connection().close());
        } else if (!request.isEnded()) {
            BodyReader.discard(loop, request);
        }
    }

    /** Says no more, but still hears what the client sends: closed at once, its socket could throw our answer away. */
    private static void hangUp(HttpConnection connection) {
        if (NettyChannel.of(connection) instanceof DuplexChannel channel && !connection.isSsl()) {
            channel.shutdownOutput();
        }
    }

    /** Whether nobody can tell where the next request begins: this one's is no HTTP, or its body may yet come or not. */
    private static boolean endsInDoubt(HttpServerRequest request) {
        return request.decoderResult().isFailure() || (!request.isEnded() && request.getHeader("expect") != null);
    }

    /** Why the head of a request was no head. */
    static GatewayException malformed(HttpServerRequest request) {
        return switch (request.decoderResult().cause()) {
            case StrictRequestDecoder.Ambiguous ambiguous ->
                new HttpFault(ambiguous.status(), null, String.valueOf(ambiguous.getMessage()));
            case TooLongHttpLineException line ->
                new HttpFault(414, "uri_too_long", "The request's address is too long (mehari.http.line-size).");
            case TooLongHttpHeaderException headers -> tooManyHeaders();
            case null, default -> new HttpFault(400, null, "The request is not valid HTTP.");
        };
    }

    static HttpFault tooManyHeaders() {
        return new HttpFault(
                431,
                "headers_too_large",
                "The request has too many headers, or they are too long (mehari.http.headers, mehari.http.header-size).");
    }

    /** Why its body could not be had. */
    static GatewayException unreadable(Throwable cause) {
        return cause instanceof GatewayException fault
                ? fault
                : new InvalidRequest(
                        null,
                        "the request body could not be read: it ends early, or its chunks are not as HTTP has them");
    }

    static HttpFault late(String what, Duration time) {
        return new HttpFault(
                408,
                "request_timeout",
                "The request " + what + " did not arrive within " + time.toMillis() / 1000.0 + " s.");
    }
}
