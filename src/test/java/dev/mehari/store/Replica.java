package dev.mehari.store;

import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.DeploymentLedger.Reservation;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What one gateway has of the store: a connection of its own, and its own ledger on it. */
record Replica(Redis redis, LocalAnswers local, RedisLedger ledger) implements AutoCloseable {
    /** Ample, where a test is not about time: the machine may be busy. */
    private static final Duration AMPLE = Duration.ofSeconds(20);

    static final Duration LEASE = Duration.ofMinutes(5);
    static final String NAMESPACE = "test";

    static Replica of(RedisServer server) {
        Replica replica = of(server.url(), AMPLE);
        Eventually.holds(AMPLE, "Redis is there", () -> replica.redis().status().there());
        return replica;
    }

    static Replica of(String url, Duration timeout) {
        Redis redis = Redis.open(url, timeout, NAMESPACE);
        LocalAnswers local = new LocalAnswers();
        return new Replica(redis, local, new RedisLedger(redis, local));
    }

    static Candidate candidate(String deployment, Limits limits) {
        return new Candidate(deployment, limits, false);
    }

    static Limits limits(@Nullable Integer requests, @Nullable Long tokens, @Nullable Integer calls) {
        return new Limits(requests, tokens, calls);
    }

    Outcome reserve(String deployment, Limits limits, long tokens) {
        return ledger.reserve(List.of(candidate(deployment, limits)), tokens, LEASE);
    }

    /** Reserves at a deployment that must have room. */
    Reservation take(String deployment, Limits limits, long tokens) {
        return ((Outcome.Reserved) reserve(deployment, limits, tokens)).reservation();
    }

    /** From so many threads, each so many times, as fast as they can; how many were let in. */
    int storm(String deployment, Limits limits, long tokens, int threads, int times) {
        AtomicInteger reserved = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> callers = java.util.stream.IntStream.range(0, threads)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException stop) {
                        return;
                    }
                    for (int n = 0; n < times; n++) {
                        if (reserve(deployment, limits, tokens) instanceof Outcome.Reserved) {
                            reserved.incrementAndGet();
                        }
                    }
                }))
                .toList();
        start.countDown();
        try {
            for (Thread caller : callers) {
                caller.join();
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        return reserved.get();
    }

    @Override
    public void close() {
        redis.close();
    }
}
