package dev.mehari.routing;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Percentiles of times, over the last five to ten minutes, within 7 %: eight buckets for each power of two of a
 * microsecond. Written on the path, so it takes no lock and makes no garbage; that is also why it is none of the
 * libraries'. Thread-safe; what is added while a window changes may be lost to it.
 */
public final class Histogram {
    private static final int PER_DOUBLING = 8;
    private static final int DOUBLINGS = 34; // 2^34 µs are almost five hours
    private static final long WINDOW_MILLIS = 300_000;

    private final InstantSource clock;
    private volatile Window present;
    private volatile Window before;

    private record Window(long number, AtomicIntegerArray counts) {
        static Window of(long number) {
            return new Window(number, new AtomicIntegerArray(PER_DOUBLING * DOUBLINGS));
        }
    }

    public Histogram(InstantSource clock) {
        this.clock = clock;
        this.present = Window.of(number());
        this.before = Window.of(present.number() - 1);
    }

    public void add(long nanos) {
        window().counts().incrementAndGet(bucket(nanos / 1000));
    }

    private long number() {
        return clock.millis() / WINDOW_MILLIS;
    }

    private Window window() {
        Window now = present;
        return now.number() == number() ? now : turn();
    }

    private synchronized Window turn() {
        long number = number();
        if (present.number() != number) {
            before = present.number() == number - 1 ? present : Window.of(number - 1);
            present = Window.of(number);
        }
        return present;
    }

    /**
     * The times in milliseconds below which these parts of all lie.
     *
     * @param parts from 0 to 1, rising
     * @return as many; none when nothing was measured lately
     */
    public double[] percentiles(double... parts) {
        AtomicIntegerArray now = window().counts();
        AtomicIntegerArray earlier = before.counts();
        long all = 0;
        for (int i = 0; i < now.length(); i++) {
            all += now.get(i) + earlier.get(i);
        }
        if (all == 0) {
            return new double[0];
        }
        double[] times = new double[parts.length];
        long seen = 0;
        int part = 0;
        for (int i = 0; i < now.length() && part < parts.length; i++) {
            seen += now.get(i) + earlier.get(i);
            while (part < parts.length && seen >= Math.ceil(parts[part] * all)) {
                times[part++] = middleMillis(i);
            }
        }
        return times;
    }

    /** Below eight microseconds a bucket each; above, by the highest bit and the three that follow it. */
    private static int bucket(long micros) {
        if (micros < PER_DOUBLING) {
            return (int) Math.max(0, micros);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros);
        int bucket = (exponent - 2) * PER_DOUBLING + (int) (micros >>> (exponent - 3)) - PER_DOUBLING;
        return Math.min(bucket, PER_DOUBLING * DOUBLINGS - 1);
    }

    private static double middleMillis(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket / 1000.0;
        }
        int shift = bucket / PER_DOUBLING - 1;
        long low = (long) (PER_DOUBLING + bucket % PER_DOUBLING) << shift;
        return (low + ((1L << shift) - 1) / 2.0) / 1000.0;
    }
}
