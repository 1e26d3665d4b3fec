package dev.mehari.store;

import dev.mehari.cache.CacheKey;
import dev.mehari.cache.SharedAnswers;
import dev.mehari.cache.StoredAnswer;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers in Redis, over a connection of their own: large values must not hold up what replicas agree on, and have another
 * time-out. Its fence is the breaker: after one look-up that took too long Redis is not asked again until it answers a
 * probe in time. Thread-safe.
 */
public final class RedisAnswers implements SharedAnswers, AutoCloseable {
    /** Looked up at once; of more, time may run out for the rest. */
    private static final int AT_ONCE = 64;

    /** Keys of one step through all of them. */
    private static final int STEP = 1000;

    private final Redis redis;
    private final String prefix;
    private final String pattern;
    private final Duration timeout;
    private final long largest;
    private final InstantSource clock;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder corrupt = new LongAdder();

    /**
     * Connects as {@link Redis#open} does.
     *
     * @param timeout the most that a look-up waits
     * @param largest answer that is believed, in bytes
     */
    public RedisAnswers(String url, Duration timeout, String namespace, long largest, InstantSource clock) {
        this.redis = Redis.open(url, timeout, namespace, "the answers that replicas share");
        // Without the braces of other keys: in a cluster these may be anywhere.
        this.prefix = namespace + ":cache:" + StoredAnswer.VERSION + ":";
        this.pattern = prefix.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*";
        this.timeout = timeout;
        this.largest = largest;
        this.clock = clock;
    }

    private String name(CacheKey key) {
        return prefix + key.hash() + ":" + key.model();
    }

    private @Nullable CacheKey key(String name) {
        int colon = name.indexOf(':', prefix.length());
        return colon < 0 ? null : new CacheKey(name.substring(colon + 1), name.substring(prefix.length(), colon));
    }

    @Override
    public Map<CacheKey, StoredAnswer> find(List<CacheKey> keys) {
        Map<CacheKey, StoredAnswer> found = new HashMap<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            List<CacheKey> some = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
            if (System.nanoTime() > deadline || !find(some, found)) {
                late.add(keys.size() - from);
                break;
            }
        }
        hits.add(found.size());
        misses.add(keys.size() - found.size());
        return found;
    }

    private boolean find(List<CacheKey> keys, Map<CacheKey, StoredAnswer> found) {
        try {
            List<byte @Nullable []> values = redis.ask(commands -> values(commands, keys));
            for (int i = 0; i < values.size(); i++) {
                byte[] value = values.get(i);
                if (value != null) {
                    take(keys.get(i), value, found);
                }
            }
            return true;
        } catch (RedisAway away) {
            return false;
        }
    }

    /** One by one, though in one go: keys of a cluster are not all in one place. */
    private CompletionStage<List<byte @Nullable []>> values(
            RedisAsyncCommands<String, byte[]> commands, List<CacheKey> keys) {
        List<CompletableFuture<byte[]>> values = keys.stream()
                .map(key -> commands.get(name(key)).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(values.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<byte @Nullable []> read = new ArrayList<>(values.size());
            values.forEach(value -> read.add(value.join()));
            return read;
        });
    }

    private void take(CacheKey key, byte[] value, Map<CacheKey, StoredAnswer> found) {
        StoredAnswer answer = PackedAnswer.unpack(value, largest);
        if (answer == null) {
            corrupt.increment();
            redis.send(commands -> commands.del(name(key)));
        } else if (answer.left(clock.instant()).isPositive()) {
            found.put(key, answer);
        }
    }

    @Override
    public void keep(CacheKey key, StoredAnswer answer) {
        long millis = answer.left(clock.instant()).toMillis();
        if (millis > 0) {
            byte[] value = PackedAnswer.pack(answer);
            redis.send(commands -> commands.psetex(name(key), millis, value));
        }
    }

    @Override
    public long forget(Predicate<CacheKey> which) {
        long forgotten = 0;
        try {
            ScanCursor at = ScanCursor.INITIAL;
            do {
                ScanCursor from = at;
                KeyScanCursor<String> step = redis.ask(commands ->
                        commands.scan(from, ScanArgs.Builder.matches(pattern).limit(STEP)));
                String[] names = step.getKeys().stream()
                        .filter(name -> {
                            CacheKey key = key(name);
                            return key != null && which.test(key);
                        })
                        .toArray(String[]::new);
                if (names.length > 0) {
                    forgotten += redis.ask(commands -> commands.unlink(names));
                }
                at = step;
            } while (!at.isFinished());
            return forgotten;
        } catch (RedisAway away) {
            return -1;
        }
    }

    @Override
    public Status status() {
        return new Status(redis.isThere(), hits.sum(), misses.sum(), late.sum(), corrupt.sum());
    }

    @Override
    public void close() {
        redis.close();
    }
}
