package dev.mehari.dashboard;

import dev.mehari.usage.CallRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last calls that ended, numbered as they did. Holds so many, without a lock. Thread-safe. */
final class LatestCalls {
    private final AtomicReferenceArray<@Nullable Numbered> ring;
    private final AtomicLong last = new AtomicLong();

    /** @param number 1 for the first call of this run */
    record Numbered(long number, CallRecord call) {}

    LatestCalls(int most) {
        this.ring = new AtomicReferenceArray<>(most);
    }

    void add(CallRecord call) {
        long number = last.incrementAndGet();
        ring.set(slot(number), new Numbered(number, call));
    }

    /** The number of the last call; 0: there was none. */
    long last() {
        return last.get();
    }

    /** At most so many of the calls after that number up to the last one, oldest first. */
    List<Numbered> after(long number, long upTo, int most) {
        List<Numbered> found = new ArrayList<>();
        for (long next = Math.max(number, upTo - Math.min(most, ring.length())) + 1; next <= upTo; next++) {
            Numbered at = ring.get(slot(next));
            // Overwritten since, or not written yet by the thread that has taken the number.
            if (at != null && at.number() == next) {
                found.add(at);
            }
        }
        return found;
    }

    private int slot(long number) {
        return (int) (number % ring.length());
    }
}
