package dev.mehari.cache;

import java.util.concurrent.atomic.LongAdder;

/** How often what became of a call in the cache. Thread-safe. */
public final class CacheStats {
    final LongAdder hits = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder bypasses = new LongAdder();
    final LongAdder skips = new LongAdder();
    final LongAdder kept = new LongAdder();
    final LongAdder tooLarge = new LongAdder();
    final LongAdder unreadable = new LongAdder();

    /** Counts a call by what it was told in {@code x-cache}. */
    public void count(CacheUse verdict) {
        switch (verdict) {
            case HIT -> hits.increment();
            case MISS -> misses.increment();
            case BYPASS -> bypasses.increment();
            case SKIP -> skips.increment();
        }
    }

    /** A hit that was an identical call under way. */
    public void countShared() {
        shared.increment();
    }

    /** An answer that was complete, but beyond the bound. */
    public void countTooLarge() {
        tooLarge.increment();
    }
}
