package dev.mehari.store;

import dev.mehari.config.StartupException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis server behind a fence. After the first command that fails, or has no answer in time, Redis is left alone and
 * probed in the background until it answers in time again; meanwhile everything ends at once with {@link RedisAway}. A
 * command that is itself wrong fails alone. Logged when it is lost and when it is back. One connection, over which all commands flow without waiting for each
 * other. Thread-safe.
 */
public final class Redis implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Redis.class);

    // Goes up when a key's meaning changes, so that replicas of two versions do not mistake each other's.
    private static final int VERSION = 1;

    private final RedisAddress address;
    private final Duration timeout;
    private final String namespace;
    private final String holds;
    private final RedisProbe probe;
    private final AtomicReference<@Nullable StatefulRedisConnection<String, byte[]>> connection =
            new AtomicReference<>();
    private final List<Runnable> onReturn = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> firstProbe = new CompletableFuture<>();
    private final LongAdder losses = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private volatile State state = new State(Instant.now(), "not connected yet");

    /** @param reason why it is left alone; null when it is not */
    private record State(Instant since, @Nullable String reason) {}

    /**
     * Connects, waiting for it a second at most. One that cannot be reached is told once, and looked for in the
     * background.
     *
     * @param url {@code redis://} or {@code rediss://}
     * @param timeout the most that one command may hold up a call
     * @param namespace in front of all keys
     * @throws StartupException one of them cannot be used
     */
    public static Redis open(String url, Duration timeout, String namespace) {
        return open(url, timeout, namespace, "what replicas share");
    }

    /** @param holds what is there, for the log */
    static Redis open(String url, Duration timeout, String namespace, String holds) {
        if (namespace.isBlank() || namespace.contains("{") || namespace.contains("}")) {
            throw new StartupException(
                    "mehari.redis.namespace is \"" + namespace + "\"", "Give it a name without braces.");
        }
        if (timeout.toMillis() < 1) {
            throw new StartupException(
                    "mehari.redis.timeout is " + timeout, "Give it the most that Redis may hold up a call, as 50ms.");
        }
        Redis redis = new Redis(RedisAddress.of(url), timeout, namespace, holds);
        redis.probe.start();
        redis.awaitFirstProbe();
        return redis;
    }

    private Redis(RedisAddress address, Duration timeout, String namespace, String holds) {
        this.address = address;
        this.timeout = timeout;
        this.namespace = namespace;
        this.holds = holds;
        this.probe = new RedisProbe(address, timeout, key("probe", "key"), this::back, this::notBack);
    }

    private void awaitFirstProbe() {
        try {
            firstProbe.get(RedisProbe.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException later) {
            log.debug("Redis is still being looked for", later);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The braces put all keys into one slot, so that one script may use several of them where Redis is a cluster. */
    String key(String kind, String name) {
        return "{" + namespace + "}:" + VERSION + ":" + kind + ":" + name;
    }

    /**
     * Runs a script and waits for its reply, at most for the fence's time-out. For virtual threads.
     *
     * @return the reply, an array: integers as {@code Long}, texts as {@code byte[]}
     */
    List<Object> run(Script script, List<String> keys, List<String> arguments) throws RedisAway {
        return ask(script.call(keys, arguments));
    }

    /** Sends a command and waits for its reply, at most for the fence's time-out. For virtual threads. */
    <T> T ask(Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) throws RedisAway {
        StatefulRedisConnection<String, byte[]> open = connection.get();
        CompletableFuture<T> reply = send(open, command);
        try {
            return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            lost(open, "no reply within " + timeout.toMillis() + " ms");
            throw new RedisAway("no reply in time", true);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RedisAway away ? away : new RedisAway("no reply", true);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RedisAway("interrupted", true);
        }
    }

    /** Runs a script without waiting; a failure is a {@link RedisAway}. */
    CompletableFuture<List<Object>> send(Script script, List<String> keys, List<String> arguments) {
        return send(connection.get(), script.call(keys, arguments));
    }

    /** Sends a command without waiting; a failure is a {@link RedisAway}. */
    <T> CompletableFuture<T> send(Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return send(connection.get(), command);
    }

    private <T> CompletableFuture<T> send(
            @Nullable StatefulRedisConnection<String, byte[]> open,
            Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        if (open == null) {
            unanswered.increment();
            return CompletableFuture.failedFuture(new RedisAway("Redis is left alone", false));
        }
        return command.apply(open.async()).toCompletableFuture().exceptionallyCompose(failure -> {
            unanswered.increment();
            if (RedisFailure.isOurs(failure)) {
                log.error("Redis refused a command, which is a defect: {}", RedisFailure.text(failure, address));
                return CompletableFuture.failedFuture(RedisAway.refused());
            }
            lost(open, RedisFailure.text(failure, address));
            return CompletableFuture.failedFuture(new RedisAway("no reply", true));
        });
    }

    /** Tells Redis a script ahead of its first use, which then costs no second round trip and is not overtaken. */
    void load(Script script) {
        send(commands -> commands.scriptLoad(script.source()));
    }

    /** Has something done now, if Redis is there, and whenever it is back, on a thread that must not be kept waiting. */
    void onReturn(Runnable task) {
        onReturn.add(task);
        if (isThere()) {
            task.run();
        }
    }

    /** Has something done again and again until this is closed, on a thread that must not be kept waiting. */
    void every(Duration pause, Runnable task) {
        probe.every(pause, task);
    }

    boolean isThere() {
        return connection.get() != null;
    }

    public RedisStatus status() {
        State now = state;
        return new RedisStatus(now.reason() == null, now.since(), now.reason(), losses.sum(), unanswered.sum());
    }

    private void back(StatefulRedisConnection<String, byte[]> found) {
        State before = state;
        found.addListener(new RedisClosed(() -> lost(found, "the connection was closed")));
        state = new State(Instant.now(), null);
        connection.set(found);
        if (losses.sum() == 0) {
            log.info("Redis at {} holds {}", address, holds);
        } else {
            log.info(
                    "Redis at {} is back after {} ms",
                    address,
                    Duration.between(before.since(), Instant.now()).toMillis());
        }
        onReturn.forEach(Runnable::run);
        firstProbe.complete(true);
        if (!found.isOpen()) {
            // It went while nobody listened yet.
            lost(found, "the connection was closed");
        }
    }

    private void notBack(String why) {
        if (firstProbe.isDone()) {
            // Told already.
            state = new State(state.since(), why);
        } else {
            away(why);
            firstProbe.complete(false);
        }
    }

    private void lost(@Nullable StatefulRedisConnection<String, byte[]> gone, String why) {
        if (gone != null && connection.compareAndSet(gone, null)) {
            gone.closeAsync();
            away(why);
            probe.restart();
        }
    }

    private void away(String why) {
        losses.increment();
        state = new State(Instant.now(), why);
        log.warn("Redis at {} is away ({}): this replica does without {} meanwhile", address, why, holds);
    }

    /** Lets what was sent leave, and closes the connection. */
    @Override
    public void close() {
        probe.close(connection.getAndSet(null));
    }
}
