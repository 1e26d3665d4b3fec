package dev.mehari.dashboard;

import java.util.ArrayList;
import java.util.List;

/** The last things that came, numbered as they did; holds so many. Thread-safe, with a lock that is held for a moment. */
final class Latest<T> {
    private final int most;
    private final List<T> ring;
    private long last;

    Latest(int most) {
        this.most = most;
        this.ring = new ArrayList<>(most);
    }

    synchronized void add(T value) {
        if (last < most) {
            ring.add(value);
        } else {
            ring.set(slot(last + 1), value);
        }
        last++;
    }

    /** The number of the last one, 1 for the first; 0: none came. */
    synchronized long last() {
        return last;
    }

    /** Those with higher numbers than one, up to another; at most so many, the last ones, in their order. */
    synchronized List<T> after(long number, long upTo, int atMost) {
        List<T> found = new ArrayList<>();
        // What has been overwritten since is gone.
        long first = Math.max(Math.max(number, upTo - atMost), last - most) + 1;
        for (long next = first; next <= upTo; next++) {
            found.add(ring.get(slot(next)));
        }
        return found;
    }

    private int slot(long number) {
        return (int) ((number - 1) % most);
    }
}
