package dev.mehari.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of an answer, handed over as its client takes it: the exchange is not over, and what it holds is not given back,
 * while more than {@link #PIECE} of it waits here. A client that takes nothing for {@code patience} is let go; on HTTP/2
 * with its stream only. One instance an answer, on the loop only.
 *
 * <p>Vert.x takes any amount, says that the answer has ended, and holds it for as long as the client likes: with HTTP/2 that
 * is for ever, as each stream has a window that its client need not open.
 */
final class Delivery {
    static final int PIECE = 64 * 1024;

    /** The stream's own handlers hear of it. */
    private static final Handler<AsyncResult<Void>> LOST = written -> {};

    private final Loop loop;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final byte[] rest;
    private final Duration patience;

    private int taken;
    private boolean moved;
    private Loop.@Nullable Timer waiting;

    /**
     * @param rest of the body; empty when all of it was written before
     * @param patience with a client that takes nothing
     */
    Delivery(Loop loop, HttpServerRequest request, byte[] rest, Duration patience) {
        this.loop = loop;
        this.request = request;
        this.response = request.response();
        this.rest = rest;
        this.patience = patience;
    }

    void start() {
        // What is small may wait in the connection: nobody need count it, as after a stream that was held back.
        if (rest.length <= PIECE || request.method() == HttpMethod.HEAD) {
            watch(end(request, rest));
            return;
        }
        if (!response.headWritten()) {
            response.putHeader("content-length", Integer.toString(rest.length));
            response.writeHead();
        }
        response.drainHandler(room -> {
            moved = true;
            flow();
        });
        await();
        flow();
    }

    private void flow() {
        while (!response.ended() && !response.closed() && !response.writeQueueFull()) {
            int length = Math.min(PIECE, rest.length - taken);
            Buffer piece = Buffer.buffer(Unpooled.wrappedBuffer(rest, taken, length));
            taken += length;
            if (taken == rest.length) {
                stop();
                watch(response.end(piece));
            } else {
                write(request, piece);
            }
        }
    }

    /**
     * Writes a part of a body. Without a handler Netty shares one promise for all pieces of a chunk of HTTP/1 instead of
     * making five. Of HTTP/2 each part has its own: a failure that nobody takes ends the connection in Vert.x, and a stream
     * that is reset fails all that waits in it, so that its neighbours would go with it.
     */
    static void write(HttpServerRequest request, Buffer part) {
        request.response().write(part, request.version() == HttpVersion.HTTP_2 ? LOST : null);
    }

    /** Ends an answer with a body that is small. To HEAD Vert.x leaves it out in HTTP/1 only; in HTTP/2 it is an error there. */
    static Future<Void> end(HttpServerRequest request, byte[] body) {
        HttpServerResponse response = request.response();
        if (request.method() != HttpMethod.HEAD) {
            return response.end(Buffer.buffer(Unpooled.wrappedBuffer(body)));
        }
        if (body.length > 0 && !response.headWritten()) {
            response.putHeader("content-length", Integer.toString(body.length));
        }
        return response.end();
    }

    private void watch(Future<Void> out) {
        // A connection of HTTP/1 is watched by its guard; one of HTTP/2 may be busy with other streams.
        if (request.version() == HttpVersion.HTTP_2 && !out.isComplete()) {
            Loop.Timer late = loop.after(patience, this::resetEnded);
            out.onComplete(gone -> late.cancel());
        }
    }

    private void await() {
        moved = false;
        waiting = loop.after(patience, () -> {
            if (moved) {
                await();
            } else {
                response.reset(Http2Error.CANCEL.code());
            }
        });
    }

    /** The exchange is over, whoever ended it. */
    void stop() {
        Loop.Timer armed = waiting;
        if (armed != null) {
            armed.cancel();
            waiting = null;
        }
    }

    /** Vert.x does not reset what has ended for it. */
    private void resetEnded() {
        Channel channel = NettyChannel.of(request.connection());
        ChannelHandlerContext http2 = channel.pipeline().context(Http2ConnectionHandler.class);
        if (http2 != null) {
            ((Http2ConnectionHandler) http2.handler())
                    .resetStream(http2, response.streamId(), Http2Error.CANCEL.code(), http2.newPromise());
            http2.flush();
        }
    }
}
