package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to providers, over one pool of kept connections a provider and event loop: a call's two sockets live on
 * the same loop, so that no chunk crosses threads (Vert.x's own pool hands out connections of any loop). Redirects are
 * never followed: they would carry credentials elsewhere. Thread-safe.
 */
public final class Upstream {
    private static final Logger log = LoggerFactory.getLogger(Upstream.class);

    private final Vertx vertx;
    private final int loops;
    private final int maxAnswerBytes;
    private final BodyMemory answerMemory = BodyMemory.ofAnswers();
    private final Map<PoolKey, UpstreamPool> pools = new ConcurrentHashMap<>();

    private record PoolKey(UpstreamTarget target, Object loop) {}

    /**
     * @param loops how many event loops share a provider's connections
     * @param maxAnswerBytes the largest whole answer that is read, with a small heap less; a larger one is a protocol error
     */
    public Upstream(Vertx vertx, int loops, int maxAnswerBytes) {
        this.vertx = vertx;
        this.loops = loops;
        this.maxAnswerBytes = (int) Math.min(maxAnswerBytes, answerMemory.most());
    }

    /**
     * Sends a request and waits for the whole answer or, for an event stream, until its first event that
     * says something. Blocks the calling virtual thread. When its audience is gone meanwhile the upstream connection is
     * closed (of HTTP/2, the stream).
     *
     * @param codec for the stream, should there be one
     * @throws GatewayException the provider could not be reached, was too slow or broke off; or nobody waits any more
     */
    public UpstreamResponse send(UpstreamRequest request, Audience audience, StreamCodec codec) {
        UpstreamPool pool = pool(request.target(), audience.loop());
        UpstreamCall call = new UpstreamCall(audience, pool, request, codec, maxAnswerBytes, answerMemory);
        audience.loop().run(() -> {
            audience.onGone(() -> call.cancel(new GatewayException.ClientGone()));
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

    private static void warmUp(UpstreamTarget target, UpstreamPool pool) {
        // A request that is dropped leaves its connection in the pool, connected and through with TLS.
        pool.request(UpstreamRequest.Method.POST, "/")
                .onSuccess(pool::drop)
                .onFailure(cause -> log.info(
                        "provider \"{}\" could not be reached at start: {}", target.name(), cause.getMessage()));
    }

    private UpstreamPool pool(UpstreamTarget target, Loop loop) {
        return pools.computeIfAbsent(new PoolKey(target, loop.thread()), key -> new UpstreamPool(vertx, target, loops));
    }
}
