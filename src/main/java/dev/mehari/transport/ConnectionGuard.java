package dev.mehari.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches one client's connection between its calls: one that begins a request and does not get on with it is told so and
 * closed, one that does nothing is closed. On the connection's loop only.
 *
 * <p>Vert.x's idle time-outs do not fit: they count a model that thinks as silence, each byte of a header that never ends
 * as life, and begin for HTTP/1.1 without TLS only after the first request.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<ConnectionGuard> KEY = AttributeKey.valueOf(ConnectionGuard.class, "guard");

    /** Vert.x's name for its decoder, which there is for HTTP/1 only. */
    private static final String DECODER = "httpDecoder";

    private final Channel channel;
    private final HttpLimits limits;
    private final FaultAnswers faults;
    private final long headNanos;
    private final long idleNanos;

    private boolean multiplexed;
    private boolean reading;
    private int open;
    private long sinceNanos = System.nanoTime();
    private long unsentBytes;
    private @Nullable BodyReader body;
    private @Nullable ScheduledFuture<?> check;

    ConnectionGuard(Channel channel, HttpLimits limits, FaultAnswers faults) {
        this.channel = channel;
        this.limits = limits;
        this.faults = faults;
        this.headNanos = limits.headTimeout().toNanos();
        this.idleNanos = limits.idleTimeout().toNanos();
        channel.attr(KEY).set(this);
    }

    /** The one of a connection; null for the few that came in while the server was being set up. */
    static @Nullable ConnectionGuard of(HttpConnection connection) {
        return NettyChannel.of(connection).attr(KEY).get();
    }

    /** Whether it has as many calls as it may have. HTTP/2 itself holds only those to that who have said they know it. */
    boolean isFull() {
        return open >= limits.streams();
    }

    /** A call begins: its head is complete. */
    void begun() {
        open++;
        reading = false;
    }

    /** Its body is being read. */
    void reads(BodyReader reader) {
        body = reader;
    }

    private boolean bodyBroke(Throwable cause) {
        BodyReader reader = body;
        return reader != null && reader.breakOff(cause);
    }

    /** Its answer has ended, or is lost. */
    void ended() {
        if (--open == 0) {
            sinceNanos = System.nanoTime();
            body = null;
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        sinceNanos = System.nanoTime();
        checkIn(Math.min(headNanos, idleNanos));
        channel.closeFuture().addListener(closed -> stop());
        ctx.fireChannelActive();
    }

    /** The first bytes, perhaps of TLS. What Vert.x adds later stands behind the one that reads them in the clear. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        ctx.pipeline().addLast(new FirstBytes());
        ctx.pipeline().remove(this);
        ctx.fireChannelRead(bytes);
    }

    private final class FirstBytes extends ChannelInboundHandlerAdapter {
        private boolean known;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            if (!known) {
                known = true;
                multiplexed = ctx.pipeline().get(DECODER) == null;
                if (!multiplexed) {
                    ctx.pipeline()
                            .replace(
                                    DECODER,
                                    DECODER,
                                    new StrictRequestDecoder(limits, ConnectionGuard.this::bodyBroke));
                }
            }
            if (open == 0 && !reading && !multiplexed) {
                reading = true;
                sinceNanos = System.nanoTime();
            }
            ctx.fireChannelRead(bytes);
        }
    }

    private void checkIn(long nanos) {
        check = channel.eventLoop().schedule(this::check, Math.max(1_000_000, nanos), TimeUnit.NANOSECONDS);
    }

    private void check() {
        long now = System.nanoTime();
        if (open > 0 || isStillSending()) {
            sinceNanos = now;
        }
        long left = (reading ? headNanos : idleNanos) - (now - sinceNanos);
        if (left > 0) {
            checkIn(Math.min(left, Math.min(headNanos, idleNanos)));
        } else if (reading) {
            refuse();
        } else {
            channel.close();
        }
    }

    /** Whether the client takes what is left of an answer, however slowly. */
    private boolean isStillSending() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long unsent = out == null ? 0 : out.totalPendingWriteBytes();
        boolean moving = unsent > 0 && unsent != unsentBytes;
        unsentBytes = unsent;
        return moving;
    }

    private void refuse() {
        Duration time = limits.headTimeout();
        String requestId = RequestId.random();
        ErrorAnswer error = faults.answer("/", requestId, Refusals.late("headers", time));
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT, Unpooled.wrappedBuffer(error.body()));
        for (Map.Entry<String, String> header : error.headers()) {
            answer.headers().set(header.getKey(), header.getValue());
        }
        answer.headers()
                .set("x-request-id", requestId)
                .set("connection", "close")
                .set("content-length", error.body().length);
        channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    private void stop() {
        ScheduledFuture<?> waiting = check;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
