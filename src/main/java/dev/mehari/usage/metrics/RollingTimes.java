package dev.mehari.usage.metrics;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/**
 * Times of one kind, over the last minute, the last quarter of an hour and since the start; exact to two digits. What was
 * added is sorted into the windows when somebody looks, and now and then. Thread-safe.
 *
 * <p>Adding takes a lock, which nobody holds for longer than adding takes. The library's own recorder takes none, but its
 * concurrent packed histogram can spin for ever when two threads make it grow at once, and here those are event loops;
 * one that is not packed takes 26 KB for each time of each model, twice.
 */
final class RollingTimes {
    private static final int DIGITS = 2;
    private static final long SHORT_STEP_SECONDS = 5;
    private static final long LONG_STEP_SECONDS = 60;

    private final Object adding = new Object();
    private final Ring minute = new Ring(SHORT_STEP_SECONDS, 12);
    private final Ring quarter = new Ring(LONG_STEP_SECONDS, 15);
    private final Histogram all = new PackedHistogram(DIGITS);
    private Histogram added = new PackedHistogram(DIGITS);
    private Histogram spare = new PackedHistogram(DIGITS);

    /** The last so many steps of time, each with its own counts. */
    private static final class Ring {
        private final long stepSeconds;
        private final Histogram[] slots;
        private final long[] steps;

        Ring(long stepSeconds, int slots) {
            this.stepSeconds = stepSeconds;
            this.slots = new Histogram[slots];
            this.steps = new long[slots];
            for (int i = 0; i < slots; i++) {
                this.slots[i] = new PackedHistogram(DIGITS);
            }
        }

        void add(Histogram times, long second) {
            long step = second / stepSeconds;
            int slot = (int) (step % slots.length);
            if (steps[slot] != step) {
                steps[slot] = step;
                slots[slot].reset();
            }
            slots[slot].add(times);
        }

        void addTo(Histogram sum, long second) {
            long step = second / stepSeconds;
            for (int i = 0; i < slots.length; i++) {
                if (step - steps[i] < slots.length) {
                    sum.add(slots[i]);
                }
            }
        }
    }

    void add(long nanos) {
        long micros = Math.max(0, nanos / 1000);
        synchronized (adding) {
            added.recordValue(micros);
        }
    }

    /** Sorts what was added since the last time into the windows. */
    synchronized void settle(long second) {
        Histogram fresh = take();
        if (fresh.getTotalCount() > 0) {
            minute.add(fresh, second);
            quarter.add(fresh, second);
            all.add(fresh);
            fresh.reset();
        }
        spare = fresh;
    }

    private Histogram take() {
        synchronized (adding) {
            Histogram taken = added;
            added = spare;
            return taken;
        }
    }

    /** Nothing yet, for others to be added to; in microseconds. */
    static Histogram none() {
        return new PackedHistogram(DIGITS);
    }

    /** Adds those of a window to a sum. */
    synchronized void addTo(Histogram sum, Window window, long second) {
        settle(second);
        switch (window) {
            case MINUTE -> minute.addTo(sum, second);
            case QUARTER -> quarter.addTo(sum, second);
            case ALL -> sum.add(all);
        }
    }

    /** What to look back on. */
    enum Window {
        MINUTE("1m"),
        QUARTER("15m"),
        ALL("all");

        private final String word;

        Window(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
