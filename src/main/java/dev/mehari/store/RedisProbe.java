package dev.mehari.store;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for Redis in the background: connects, and has a script run that writes, once to warm up and once in time. Tries
 * again after pauses that grow, also over returns that did not last. Thread-safe.
 */
final class RedisProbe {
    /** For connecting, TLS and log-in included. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LASTING = Duration.ofSeconds(10);
    private static final int MOST_UNANSWERED = 10_000;
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final Script SCRIPT = Script.named("probe");

    private final RedisAddress address;
    private final Duration timeout;
    private final String key;
    private final Consumer<StatefulRedisConnection<String, byte[]>> onFound;
    private final Consumer<String> onFailure;
    private final ClientResources threads;
    private final RedisClient client;
    private volatile Duration pause = FIRST_PAUSE;
    private volatile long foundNanos = System.nanoTime();
    private volatile boolean closed;
    private CompletableFuture<?> looking = CompletableFuture.completedFuture(null);

    /**
     * @param onFound takes over a connection that works
     * @param onFailure is told each time why there is none
     */
    RedisProbe(
            RedisAddress address,
            Duration timeout,
            String key,
            Consumer<StatefulRedisConnection<String, byte[]>> onFound,
            Consumer<String> onFailure) {
        this.address = address;
        this.timeout = timeout;
        this.key = key;
        this.onFound = onFound;
        this.onFailure = onFailure;
        this.threads = DefaultClientResources.builder()
                .ioThreadPoolSize(DefaultClientResources.MIN_IO_THREADS)
                .computationThreadPoolSize(DefaultClientResources.MIN_COMPUTATION_THREADS)
                .build();
        this.client = RedisClient.create(threads, uri(address));
        client.setOptions(ClientOptions.builder()
                // The fence decides when to come back.
                .autoReconnect(false)
                .requestQueueSize(MOST_UNANSWERED)
                .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
                .build());
    }

    private static RedisURI uri(RedisAddress address) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(address.host())
                .withPort(address.port())
                .withSsl(address.tls())
                .withVerifyPeer(SslVerifyMode.FULL)
                .withDatabase(address.database())
                .withClientName("mehari")
                .withTimeout(PATIENCE);
        String password = address.password();
        if (password != null && address.user() != null) {
            uri.withAuthentication(address.user(), password);
        } else if (password != null) {
            uri.withPassword(password.toCharArray());
        }
        return uri.build();
    }

    /** Looks for it now. */
    void start() {
        // Not on the caller's thread: to find out an address may take long.
        threads.eventExecutorGroup().execute(this::look);
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        looking = CompletableFuture.completedFuture(uri(address))
                .thenCompose(uri -> client.connectAsync(CODEC, uri))
                .thenCompose(this::tried)
                .whenComplete((found, failure) -> {
                    if (closed) {
                        return;
                    }
                    if (failure == null) {
                        foundNanos = System.nanoTime();
                        onFound.accept(found);
                    } else {
                        onFailure.accept(RedisFailure.text(failure, address));
                        later();
                    }
                });
    }

    private CompletableFuture<StatefulRedisConnection<String, byte[]>> tried(
            StatefulRedisConnection<String, byte[]> connection) {
        return write(connection, PATIENCE)
                .thenCompose(warm -> write(connection, timeout))
                .thenApply(inTime -> connection)
                .whenComplete((works, failure) -> {
                    if (failure != null) {
                        connection.closeAsync();
                    }
                });
    }

    private CompletableFuture<Object> write(StatefulRedisConnection<String, byte[]> connection, Duration within) {
        return connection
                .async()
                .eval(SCRIPT.source().getBytes(StandardCharsets.UTF_8), ScriptOutputType.MULTI, key)
                .toCompletableFuture()
                .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks for it after a pause, when what was found is lost. */
    void restart() {
        if (System.nanoTime() - foundNanos > LASTING.toNanos()) {
            pause = FIRST_PAUSE;
        }
        later();
    }

    private void later() {
        if (closed) {
            return;
        }
        Duration now = pause;
        pause = now.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : now.multipliedBy(2);
        threads.eventExecutorGroup().schedule(this::look, now.toMillis(), TimeUnit.MILLISECONDS);
    }

    void every(Duration pause, Runnable task) {
        threads.eventExecutorGroup()
                .scheduleAtFixedRate(task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes the connection that was taken over, and ends all threads. */
    void close(@Nullable StatefulRedisConnection<String, byte[]> connection) {
        awaitLast();
        if (connection != null) {
            connection.close();
        }
        client.shutdown(Duration.ZERO, PATIENCE);
        threads.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** The look that is under way needs the threads, and would complain about their loss. */
    private void awaitLast() {
        CompletableFuture<?> last;
        synchronized (this) {
            closed = true;
            last = looking;
        }
        last.handle((found, failure) -> Boolean.TRUE)
                .completeOnTimeout(Boolean.FALSE, 2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
