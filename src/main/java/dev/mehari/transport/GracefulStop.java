package dev.mehari.transport;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the server stops: it tells that it is leaving, a while later it accepts no more connections and calls, lets the
 * open ones finish, and ends those that take too long with an error. Thread-safe.
 */
final class GracefulStop {
    private static final Logger log = LoggerFactory.getLogger(GracefulStop.class);

    /** For the last errors to get through to their clients. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Set<ClientExchange> open = ConcurrentHashMap.newKeySet();
    private final Set<HttpConnection> multiplexed = ConcurrentHashMap.newKeySet();
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile @Nullable Channel acceptor;
    private volatile boolean leaving;
    private volatile boolean closed;

    /** Whether calls should go elsewhere, while they are still served here. */
    boolean isLeaving() {
        return leaving;
    }

    /** Whether calls are turned away. */
    boolean isClosed() {
        return closed;
    }

    /** @param socket that clients connect to, as Vert.x closes it only together with all that came through it */
    void listensAt(@Nullable Channel socket) {
        acceptor = socket;
    }

    /** A request has come in; HTTP/2 connections are told when no more should. */
    void received(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 && multiplexed.add(request.connection())) {
            request.connection().closeHandler(gone -> multiplexed.remove(request.connection()));
        }
    }

    /** A call begins; the stop waits for its end. */
    void entered(ClientExchange client) {
        open.add(client);
        client.onDone(() -> {
            open.remove(client);
            endWhenDrained();
        });
    }

    private void endWhenDrained() {
        if (closed && open.isEmpty()) {
            drained.countDown();
        }
    }

    /**
     * Stops; returns when no call is open any more.
     *
     * @param delay between telling that we leave and turning calls away: load balancers need it to notice
     * @param grace how long open calls may go on after that
     * @param farewell the error for calls that take longer
     */
    void run(Duration delay, Duration grace, Function<ClientExchange, ErrorAnswer> farewell) {
        leaving = true;
        try {
            Thread.sleep(delay);
            closed = true;
            closeDoor(grace);
            endWhenDrained();
            if (!drained.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("{} calls were still open after {} s; ending them", open.size(), grace.toSeconds());
                open.forEach(client -> client.cutShort(farewell.apply(client)));
                if (!drained.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.warn("{} calls did not end; closing their connections", open.size());
                }
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeDoor(Duration grace) {
        Channel listening = acceptor;
        if (listening != null) {
            listening.close();
        }
        // GOAWAY: streams that are open go on, and the last one that ends closes the connection.
        multiplexed.forEach(
                connection -> connection.shutdown(grace.plus(FAREWELL).toMillis(), TimeUnit.MILLISECONDS));
    }
}
