package dev.mehari.transport;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2NoMoreStreamIdsException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;

/**
 * How an HTTP/2 server says that it has not begun with a request, so that it can be sent again. Source: RFC 9113 §8.7.
 */
final class Http2Refusal {
    private Http2Refusal() {}

    /** Whether a request failed by a refusal; false for any failure of HTTP/1.1. */
    static boolean isBy(Throwable cause, HttpClientRequest request) {
        return switch (cause) {
            case StreamResetException reset -> reset.getCode() == Http2Error.REFUSED_STREAM.code();
            case HttpClosedException closed -> closed.goAway() != null && isBehindLast(request);
            case Http2NoMoreStreamIdsException used -> {
                // The connection has served its billion calls. Nobody else would take it out of the pool.
                request.connection().shutdown();
                yield true;
            }
            // Not even sent: the server has lowered its limit meanwhile.
            case Http2Exception unsent -> unsent.error() == Http2Error.REFUSED_STREAM;
            default -> false;
        };
    }

    /**
     * GOAWAY names the last stream that the server has looked at. One that stops in order sends two (RFC 9113 §6.8), of which
     * Vert.x tells only the first, that promises everything.
     */
    private static boolean isBehindLast(HttpClientRequest request) {
        Channel channel = NettyChannel.of(request.connection());
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        return http2 != null && http2.connection().local().lastStreamKnownByPeer() < request.streamId();
    }
}
