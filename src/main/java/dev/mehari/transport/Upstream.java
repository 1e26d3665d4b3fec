package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to providers, over one pool of kept connections a provider and event loop: a call's two sockets live on
 * the same loop, so that no chunk crosses threads (Vert.x's own pool hands out connections of any loop). Redirects are never followed: they would
 * carry credentials elsewhere. Thread-safe.
 */
public final class Upstream {
    private static final Logger log = LoggerFactory.getLogger(Upstream.class);

    private final Vertx vertx;
    private final int loops;
    private final int maxAnswerBytes;
    private final Map<PoolKey, HttpClient> pools = new ConcurrentHashMap<>();

    private record PoolKey(UpstreamTarget target, Object loop) {}

    /**
     * @param loops how many event loops share a provider's connections
     * @param maxAnswerBytes the largest whole answer that is read; a larger one is a protocol error
     */
    public Upstream(Vertx vertx, int loops, int maxAnswerBytes) {
        this.vertx = vertx;
        this.loops = loops;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /**
     * Sends a request for a client and waits for the whole answer or, for an event stream, until its first event that
     * says something. Blocks the calling virtual thread. When the client leaves meanwhile the upstream connection is
     * closed.
     *
     * @param codec for the stream, should there be one
     * @throws GatewayException the provider could not be reached, was too slow or broke off; or the client left
     */
    public UpstreamResponse send(UpstreamRequest request, ClientExchange client, StreamCodec codec) {
        HttpClient pool = pool(request.target(), client.loop());
        UpstreamCall call = new UpstreamCall(client.loop(), pool, request, codec, maxAnswerBytes);
        client.loop().run(() -> {
            client.onGone(() -> call.cancel(new GatewayException.ClientGone()));
            call.start();
        });
        return Awaited.by(call.response());
    }

    /** Opens a connection a loop ahead of the first call; a failure is only logged, the first call will tell. */
    public void warmUp(UpstreamTarget target) {
        for (int i = 0; i < loops; i++) {
            Context context = ((VertxInternal) vertx).createEventLoopContext();
            Loop loop = new Loop(vertx, context);
            loop.run(() -> warmUp(target, pool(target, loop)));
        }
    }

    private static void warmUp(UpstreamTarget target, HttpClient pool) {
        // A request that is dropped unsent leaves its connection in the pool, connected and through with TLS.
        pool.request(options(target).setMethod(HttpMethod.POST).setURI("/"))
                .onSuccess(Upstream::drop)
                .onFailure(cause -> log.info(
                        "provider \"{}\" could not be reached at start: {}", target.name(), cause.getMessage()));
    }

    private static void drop(HttpClientRequest unsent) {
        // Vert.x would log our own reset as an error.
        unsent.exceptionHandler(reset -> {});
        unsent.reset();
    }

    static RequestOptions options(UpstreamTarget target) {
        return new RequestOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setFollowRedirects(false);
    }

    private HttpClient pool(UpstreamTarget target, Loop loop) {
        return pools.computeIfAbsent(new PoolKey(target, loop.thread()), key -> open(target));
    }

    private HttpClient open(UpstreamTarget target) {
        HttpClientOptions options = new HttpClientOptions()
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
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(Math.ceilDiv(target.maxConnections(), loops)))
                // The call on it hears of a broken connection too and words it; Vert.x would log each as an error.
                .withConnectHandler(connection -> connection.exceptionHandler(
                        cause -> log.debug("a connection to {} broke: {}", target.name(), cause.getMessage())))
                .build();
    }
}
