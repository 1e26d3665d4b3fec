package dev.mehari.transport;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one event loop to one provider, kept for the next call. On that loop only. */
final class UpstreamPool {
    private static final Logger log = LoggerFactory.getLogger(UpstreamPool.class);

    /** Tells an HTTP/2 server that the call is given up, not that it did wrong. */
    static final long CANCEL = Http2Error.CANCEL.code();

    /** What may wait in one HTTP/2 stream for a client that reads slowly. */
    private static final int STREAM_WINDOW = 256 * 1024;

    /** Vert.x multiplies its limits for both versions, as an int. */
    private static final int MOST_CONNECTIONS = 32 * 1024;

    private static final Buffer PING = Buffer.buffer("mehari..");

    private final Vertx vertx;
    private final UpstreamTarget target;
    private final HttpClient client;

    /** Those that a request has gone out on. Weakly held: they close when they like. */
    private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());

    private final Set<HttpConnection> doubted = new HashSet<>();
    private @Nullable HttpClient unkept;

    UpstreamPool(Vertx vertx, UpstreamTarget target, int loops) {
        this.vertx = vertx;
        this.target = target;
        int calls = Math.ceilDiv(target.maxConnections(), loops);
        this.client = vertx.httpClientBuilder()
                .with(target.http2() ? http2(options(target), target) : options(target))
                .with(new PoolOptions()
                        .setHttp1MaxSize(Math.min(MOST_CONNECTIONS, calls))
                        .setHttp2MaxSize(Math.min(MOST_CONNECTIONS, Math.ceilDiv(calls, target.maxStreams()))))
                .withConnectHandler(this::watch)
                .build();
    }

    /** The call on it hears of a broken connection too and words it; Vert.x would log each as an error. */
    private void watch(HttpConnection connection) {
        connection.exceptionHandler(
                cause -> log.debug("a connection to {} broke: {}", target.name(), cause.getMessage()));
        if (NettyChannel.of(connection).pipeline().get(Http2ConnectionHandler.class) != null) {
            // After GOAWAY and the last of its streams. Vert.x leaves that to the server, which may forget it.
            connection.shutdownHandler(served -> connection.close());
        }
    }

    private static HttpClientOptions options(UpstreamTarget target) {
        return new HttpClientOptions()
                .setName(target.name())
                .setConnectTimeout((int) target.connectTimeout().toMillis())
                .setSslHandshakeTimeout(target.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAlive(true)
                .setKeepAliveTimeout((int) target.keepAlive().toSeconds())
                .setTcpNoDelay(true)
                .setVerifyHost(true)
                // One record may hold a whole image; a line of a header never does.
                .setMaxHeaderSize(64 * 1024)
                .setMaxChunkSize(64 * 1024);
    }

    private static HttpClientOptions http2(HttpClientOptions options, UpstreamTarget target) {
        return options.setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                // RFC 9113 has given the upgrade up; who asks for HTTP/2 without TLS knows that it is spoken there.
                .setHttp2ClearTextUpgrade(false)
                .setHttp2KeepAliveTimeout((int) target.keepAlive().toSeconds())
                .setHttp2MultiplexingLimit(target.maxStreams())
                .setInitialSettings(new Http2Settings().setPushEnabled(false).setInitialWindowSize(STREAM_WINDOW))
                // Each stream has its own window. Were the connection's as small, one client that reads slowly would
                // hold up all that share it.
                .setHttp2ConnectionWindowSize(Integer.MAX_VALUE);
    }

    /** A request that can be sent, on a connection of its own or with others. */
    Future<HttpClientRequest> request(UpstreamRequest.Method method, String path) {
        return request(client, method, path);
    }

    /** The same on a connection of HTTP/1.1 that nothing has gone out on before, and that is not kept. */
    Future<HttpClientRequest> requestAnew(UpstreamRequest.Method method, String path) {
        HttpClient anew = unkept;
        if (anew == null) {
            anew = vertx.httpClientBuilder()
                    .with(options(target).setKeepAlive(false))
                    .withConnectHandler(this::watch)
                    .build();
            unkept = anew;
        }
        return request(anew, method, path);
    }

    /** Notes that a request goes out; whether it is the first on its connection. To be asked once. */
    boolean isFirst(HttpClientRequest going) {
        return used.add(going.connection());
    }

    private Future<HttpClientRequest> request(HttpClient client, UpstreamRequest.Method method, String path) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method.name()))
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(target.baseUri().getRawPath() + path)
                .setFollowRedirects(false);
        // An HTTP/2 connection is made when the server has sent its settings, which no time-out of TCP or TLS covers.
        // While one stands a call may also wait for its turn on it, as long as its own time-outs let it.
        return client.request(
                target.http2() && !isConnected()
                        ? options.setConnectTimeout(target.connectTimeout().toMillis())
                        : options);
    }

    private boolean isConnected() {
        for (HttpConnection connection : used) {
            if (NettyChannel.of(connection).isActive()) {
                return true;
            }
        }
        return false;
    }

    /** Gives a request back that nothing was sent of; its connection stays. */
    void drop(HttpClientRequest unsent) {
        // Vert.x would log our own reset as an error.
        unsent.exceptionHandler(reset -> {});
        if (unsent.version() == HttpVersion.HTTP_2) {
            // A stream that was never opened is never closed, and Vert.x would count it as in use for good.
            unsent.sendHead();
        }
        unsent.reset(CANCEL);
    }

    /**
     * A call on it was too slow. Of an HTTP/2 connection that is dead all calls to come would be, so it is asked for a
     * sign of life and closed when there is none.
     */
    void doubt(HttpClientRequest slow, Loop loop) {
        HttpConnection connection = slow.connection();
        if (slow.version() != HttpVersion.HTTP_2 || !doubted.add(connection)) {
            return;
        }
        Loop.Timer patience = loop.after(target.connectTimeout(), () -> {
            log.warn("a connection to provider \"{}\" shows no sign of life; closing it", target.name());
            connection.shutdown(0);
        });
        Runnable settled = () -> {
            patience.cancel();
            doubted.remove(connection);
        };
        connection.closeHandler(closed -> settled.run());
        connection.ping(PING).onComplete(answered -> settled.run());
    }
}
