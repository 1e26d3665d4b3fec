package dev.mehari.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Kept answers: in memory, bounded by bytes and by each one's own time; and, where replicas share them, in Redis behind
 * that. Then memory keeps them for a short time only, so that what one replica forgets the others soon do not have either.
 * Thread-safe.
 */
public final class AnswerCache {
    private final Cache<CacheKey, StoredAnswer> memory;
    private final long mostBytes;
    private final long largest;
    private final @Nullable SharedAnswers shared;
    private final CacheStats stats = new CacheStats();

    /**
     * @param mostBytes of all answers in memory together
     * @param largest one that is kept, in bytes
     * @param memoryTtl the longest time in memory where there is something shared behind it
     */
    public AnswerCache(
            long mostBytes, long largest, Duration memoryTtl, @Nullable SharedAnswers shared, InstantSource clock) {
        this.mostBytes = mostBytes;
        this.largest = Math.min(largest, mostBytes);
        this.shared = shared;
        this.memory = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher((CacheKey key, StoredAnswer answer) -> answer.size())
                .expireAfter(Expiry.writing((CacheKey key, StoredAnswer answer) -> {
                    Duration left = answer.left(clock.instant());
                    return shared != null && memoryTtl.compareTo(left) < 0 ? memoryTtl : left;
                }))
                // On the thread that keeps: another one would let more gather than the bound before it comes to it.
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    /** The part in memory: the route's first look is into that. */
    public Cache<CacheKey, StoredAnswer> memory() {
        return memory;
    }

    public CacheStats stats() {
        return stats;
    }

    /** The largest answer that is kept, in bytes. */
    public long largest() {
        return largest;
    }

    /** The one in memory; null: there is none. */
    public @Nullable StoredAnswer inMemory(CacheKey key) {
        return memory.getIfPresent(key);
    }

    /**
     * What Redis has of those that memory has not. For virtual threads; waits for some milliseconds at most.
     *
     * @param found by memory; gets what Redis has
     * @return all that was found
     */
    public Map<CacheKey, StoredAnswer> beyondMemory(List<CacheKey> keys, Map<CacheKey, StoredAnswer> found) {
        SharedAnswers further = shared;
        if (further == null || found.keySet().containsAll(keys)) {
            return found;
        }
        List<CacheKey> missing = new ArrayList<>();
        for (CacheKey key : keys) {
            if (!found.containsKey(key)) {
                missing.add(key);
            }
        }
        Map<CacheKey, StoredAnswer> all = new HashMap<>(found);
        further.find(missing).forEach((key, answer) -> {
            memory.put(key, answer);
            all.put(key, answer);
        });
        return all;
    }

    /** Keeps an answer, unless it is too large or would be kept for no time. Does not wait. */
    public void keep(CacheKey key, StoredAnswer answer) {
        if (answer.size() > largest) {
            stats.countTooLarge();
            return;
        }
        if (answer.ttl().isPositive()) {
            stats.kept.increment();
            memory.put(key, answer);
            if (shared != null) {
                shared.keep(key, answer);
            }
        }
    }

    /** One that could not be read: it is forgotten everywhere. For virtual threads. */
    public void unreadable(CacheKey key) {
        stats.unreadable.increment();
        forget(key::equals);
    }

    /**
     * Forgets some, here at once and in Redis; other replicas' memory follows in time.
     *
     * @return how many were kept: those in Redis where there is one that answers, else those here
     */
    public long forget(Predicate<CacheKey> which) {
        long here = 0;
        for (CacheKey key : memory.asMap().keySet()) {
            if (which.test(key) && memory.asMap().remove(key) != null) {
                here++;
            }
        }
        long there = shared == null ? -1 : shared.forget(which);
        return Math.max(here, there);
    }

    /** How it fares. */
    public Report report() {
        memory.cleanUp();
        long bytes = memory.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new Report(
                bytes,
                mostBytes,
                memory.estimatedSize(),
                stats.hits.sum(),
                stats.shared.sum(),
                stats.misses.sum(),
                stats.bypasses.sum(),
                stats.skips.sum(),
                stats.kept.sum(),
                stats.tooLarge.sum(),
                stats.unreadable.sum(),
                memory.stats().evictionCount(),
                shared == null ? null : shared.status());
    }

    /**
     * Counted since the start.
     *
     * @param bytes in memory
     * @param hits of which {@code sharedHits} went together with a call under way
     * @param evictions for lack of room or of time
     * @param shared null: replicas share none
     */
    public record Report(
            long bytes,
            long mostBytes,
            long entries,
            long hits,
            long sharedHits,
            long misses,
            long bypasses,
            long skips,
            long kept,
            long tooLarge,
            long unreadable,
            long evictions,
            SharedAnswers.@Nullable Status shared) {
        /** From 0 to 1, of the calls that were looked for; null before the first. */
        public @Nullable Double hitRate() {
            return hits + misses == 0 ? null : (Double) ((double) hits / (hits + misses));
        }
    }
}
