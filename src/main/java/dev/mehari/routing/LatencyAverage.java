package dev.mehari.routing;

/**
 * How long something takes lately: a moving average that fades when nothing new is measured, so that a deployment that
 * was slow once is tried again. Thread-safe; reading takes no lock.
 */
final class LatencyAverage {
    private static final double NEWEST = 0.3;
    private static final double HALF_LIFE_MILLIS = 30_000;

    private volatile double nanos;
    private volatile long measuredMillis;

    synchronized void add(long sampleNanos, long nowMillis) {
        nanos = measuredMillis == 0 ? sampleNanos : nanos + NEWEST * (sampleNanos - nanos);
        measuredMillis = nowMillis;
    }

    /** In nanoseconds, halved for every 30 s without a measurement; 0 when there was none. */
    double at(long nowMillis) {
        long measured = measuredMillis;
        return measured == 0 ? 0 : nanos * Math.pow(2, -Math.max(0, nowMillis - measured) / HALF_LIFE_MILLIS);
    }
}
