package dev.mehari.routing;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The numbers of one deployment since the start. Thread-safe. */
public final class DeploymentStats {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder failovers = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final Map<FailureClass, LongAdder> failures = new EnumMap<>(FailureClass.class);
    private final Histogram latency;
    private final Histogram firstToken;
    private final LatencyAverage recentLatency = new LatencyAverage();
    private final LatencyAverage recentFirstToken = new LatencyAverage();
    private final InstantSource clock;

    DeploymentStats(InstantSource clock) {
        this.clock = clock;
        this.latency = new Histogram(clock);
        this.firstToken = new Histogram(clock);
        for (FailureClass kind : FailureClass.values()) {
            failures.put(kind, new LongAdder());
        }
    }

    void sent() {
        attempts.increment();
        inFlight.incrementAndGet();
    }

    void firstToken(long nanos) {
        firstToken.add(nanos);
        recentFirstToken.add(nanos, clock.millis());
    }

    void succeeded(long nanos, boolean stream) {
        inFlight.decrementAndGet();
        successes.increment();
        latency.add(nanos);
        if (!stream) {
            recentLatency.add(nanos, clock.millis());
        }
    }

    /** @param sent false: it failed on the way, at the provider's token endpoint for example */
    void failed(FailureClass why, boolean sent) {
        if (sent) {
            inFlight.decrementAndGet();
        }
        LongAdder count = failures.get(why);
        if (count != null) {
            count.increment();
        }
    }

    void evicted() {
        evictions.increment();
    }

    /** A call went on to another deployment. */
    public void failedOver() {
        failovers.increment();
    }

    /** A call tries this deployment once more. */
    public void retried() {
        retries.increment();
    }

    /** In nanoseconds: to the first token of streams, to the end of whole answers; 0 when not known. */
    double recent(boolean stream, long nowMillis) {
        return (stream ? recentFirstToken : recentLatency).at(nowMillis);
    }

    /** Attempts under way, streams included. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Requests that were sent, or are about to be. */
    public long attempts() {
        return attempts.sum();
    }

    /** Answers that came to their end. */
    public long successes() {
        return successes.sum();
    }

    public long failovers() {
        return failovers.sum();
    }

    public long retries() {
        return retries.sum();
    }

    /** How often it was left out. */
    public long evictions() {
        return evictions.sum();
    }

    /** Failures by the word of their class; classes without one are left out. */
    public Map<String, Long> failures() {
        Map<String, Long> counted = new TreeMap<>();
        failures.forEach((kind, count) -> {
            if (count.sum() > 0) {
                counted.put(kind.word(), count.sum());
            }
        });
        return counted;
    }

    /** Of answers that came to their end. */
    public Histogram latency() {
        return latency;
    }

    /** Of streams. */
    public Histogram firstToken() {
        return firstToken;
    }
}
