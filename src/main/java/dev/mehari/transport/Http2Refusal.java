package dev.mehari.transport;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2NoMoreStreamIdsException;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * How an HTTP/2 server says that it has not begun with a request, so that it can be sent again. Source: RFC 9113 §8.7.
 */
final class Http2Refusal {
    private Http2Refusal() {}

    /** Whether a request failed by a refusal; false for any failure of HTTP/1.1. */
    static boolean isBy(Throwable cause, HttpClientRequest request) {
        return switch (cause) {
            case StreamResetException reset -> reset.getCode() == Http2Error.REFUSED_STREAM.code();
            case HttpClosedException closed -> isBehind(closed.goAway(), request);
            case Http2NoMoreStreamIdsException used -> {
                // The connection has served its billion calls. Nobody else would take it out of the pool.
                request.connection().shutdown();
                yield true;
            }
            default -> false;
        };
    }

    /** GOAWAY names the last stream that the server has looked at. */
    private static boolean isBehind(@Nullable GoAway last, HttpClientRequest request) {
        return last != null && last.getLastStreamId() < request.streamId();
    }
}
