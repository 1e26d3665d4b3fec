package dev.mehari.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last things that came, numbered as they did. Holds so many, without a lock. Thread-safe. */
final class Latest<T> {
    private final AtomicReferenceArray<@Nullable Numbered<T>> ring;
    private final AtomicLong last = new AtomicLong();

    /** @param number 1 for the first */
    record Numbered<T>(long number, T value) {}

    Latest(int most) {
        this.ring = new AtomicReferenceArray<>(most);
    }

    void add(T value) {
        long number = last.incrementAndGet();
        ring.set(slot(number), new Numbered<>(number, value));
    }

    /** The number of the last one; 0: none came. */
    long last() {
        return last.get();
    }

    /** Those with higher numbers than one, up to another; at most so many, the last ones, in their order. */
    List<T> after(long number, long upTo, int most) {
        List<T> found = new ArrayList<>();
        for (long next = Math.max(number, upTo - Math.min(most, ring.length())) + 1; next <= upTo; next++) {
            Numbered<T> at = ring.get(slot(next));
            // Overwritten since, or not written yet by the thread that has taken the number.
            if (at != null && at.number() == next) {
                found.add(at.value());
            }
        }
        return found;
    }

    private int slot(long number) {
        return (int) (number % ring.length());
    }
}
