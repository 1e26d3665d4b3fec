package dev.mehari.usage.log;

import java.util.Arrays;

/**
 * How many calls took how long, in buckets of 4 %: sixteen for each power of two of a microsecond. Small enough to be kept
 * for each minute, and sums of sums stay exact. Not thread-safe.
 */
public final class TimeBuckets {
    private static final int PER_DOUBLING = 16;
    private static final int BUCKETS = PER_DOUBLING * 34; // 2^34 µs are almost five hours

    private int[] counts = new int[0];
    private long all;

    public void add(long micros) {
        add(bucket(micros), 1);
    }

    private void add(int bucket, int count) {
        if (bucket >= counts.length) {
            counts = Arrays.copyOf(counts, Math.min(BUCKETS, Math.max(bucket + 1, 2 * counts.length)));
        }
        counts[bucket] += count;
        all += count;
    }

    /** Adds what another wrote as {@link #text()}. */
    public void add(String text) {
        int i = 0;
        while (i < text.length()) {
            int colon = text.indexOf(':', i);
            int comma = text.indexOf(',', colon);
            int end = comma < 0 ? text.length() : comma;
            add(Integer.parseInt(text, i, colon, 10), Integer.parseInt(text, colon + 1, end, 10));
            i = end + 1;
        }
    }

    public long count() {
        return all;
    }

    /** The time in milliseconds below which that part of all lies, from 0 to 1; NaN when there are none. */
    public double percentileMillis(double part) {
        long rank = Math.max(1, (long) Math.ceil(part * all));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return middleMicros(i) / 1000.0;
            }
        }
        return Double.NaN;
    }

    /** Numbers of buckets and counts: {@code 132:5,140:1}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                text.append(text.isEmpty() ? "" : ",").append(i).append(':').append(counts[i]);
            }
        }
        return text.toString();
    }

    /** Below sixteen microseconds a bucket each; above, by the highest bit and the four that follow it. */
    private static int bucket(long micros) {
        if (micros < PER_DOUBLING) {
            return (int) Math.max(0, micros);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros);
        int bucket = (exponent - 3) * PER_DOUBLING + (int) (micros >>> (exponent - 4)) - PER_DOUBLING;
        return Math.min(bucket, BUCKETS - 1);
    }

    private static double middleMicros(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        int shift = bucket / PER_DOUBLING - 1;
        long low = (long) (PER_DOUBLING + bucket % PER_DOUBLING) << shift;
        return low + ((1L << shift) - 1) / 2.0;
    }
}
