package dev.mehari.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands at the listening socket: counts connections, closes those that are too many, guards the others. Thread-safe. */
@Sharable
final class Doorkeeper extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Doorkeeper.class);
    private static final long BETWEEN_WARNINGS = Duration.ofMinutes(1).toNanos();

    private final HttpLimits limits;
    private final FaultAnswers faults;
    private final AtomicInteger open = new AtomicInteger();
    private long warnedNanos = System.nanoTime() - BETWEEN_WARNINGS;

    Doorkeeper(HttpLimits limits, FaultAnswers faults) {
        this.limits = limits;
        this.faults = faults;
    }

    /**
     * Takes its place at the socket that listens on a port. Vert.x gives that socket away to nobody, but its loop knows it.
     *
     * @return the socket; null when it is closed already
     */
    @Nullable
    Channel watch(Vertx vertx, int port) {
        for (EventExecutor acceptor : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            CompletableFuture<@Nullable Channel> found = new CompletableFuture<>();
            acceptor.execute(() -> found.complete(watch((SingleThreadEventLoop) acceptor, port)));
            Channel socket = found.orTimeout(10, TimeUnit.SECONDS).join();
            if (socket != null) {
                return socket;
            }
        }
        return null;
    }

    private @Nullable Channel watch(SingleThreadEventLoop acceptor, int port) {
        Iterator<Channel> registered = acceptor.registeredChannelsIterator();
        while (registered.hasNext()) {
            Channel channel = registered.next();
            if (channel instanceof ServerChannel
                    && channel.localAddress() instanceof InetSocketAddress address
                    && address.getPort() == port) {
                channel.pipeline().addFirst(this);
                return channel;
            }
        }
        return null;
    }

    /** A client has connected. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel client = (Channel) accepted;
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            client.unsafe().closeForcibly();
            warn();
            return;
        }
        client.closeFuture().addListener(closed -> open.decrementAndGet());
        client.pipeline().addLast(new ConnectionGuard(client, limits, faults));
        ctx.fireChannelRead(client);
    }

    private void warn() {
        if (System.nanoTime() - warnedNanos >= BETWEEN_WARNINGS) {
            warnedNanos = System.nanoTime();
            log.warn(
                    "there are {} connections, as many as mehari.http.connections allows; closing new ones",
                    limits.connections());
        }
    }
}
