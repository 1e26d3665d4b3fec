package dev.mehari.cache;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Answers that replicas share. Thread-safe. */
public interface SharedAnswers {
    /** Those that are there. Waits for at most some milliseconds: what takes longer is not there. For virtual threads. */
    Map<CacheKey, StoredAnswer> find(List<CacheKey> keys);

    /** Keeps one, without waiting. */
    void keep(CacheKey key, StoredAnswer answer);

    /**
     * Forgets some. For virtual threads.
     *
     * @return how many were there; -1 when that could not be done
     */
    long forget(Predicate<CacheKey> which);

    /** How it fares. */
    Status status();

    /**
     * @param there whether it is asked; else each replica has only its own
     * @param hits answers found
     * @param misses answers not found, also for lack of time
     * @param late look-ups that were not waited for any longer, or not made
     * @param corrupt values that could not be read, and were deleted
     */
    record Status(boolean there, long hits, long misses, long late, long corrupt) {}
}
