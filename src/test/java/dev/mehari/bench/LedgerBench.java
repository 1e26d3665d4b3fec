package dev.mehari.bench;

import dev.mehari.routing.DeploymentLedger;
import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.LocalLedger;
import dev.mehari.store.Redis;
import dev.mehari.store.RedisLedger;
import dev.mehari.testing.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What reserving and settling in a Redis on the loopback costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LedgerBench {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Limits WIDE = new Limits(100_000_000, 100_000_000_000L, 10_000);

    private final List<Candidate> limited = List.of(new Candidate("limited", WIDE, false));
    private final List<Candidate> unlimited = List.of(new Candidate("unlimited", Limits.NONE, false));
    private final List<Candidate> thirdServes = List.of(
            new Candidate("full", new Limits(0, null, null), false),
            new Candidate("full too", new Limits(0, null, null), false),
            new Candidate("third", WIDE, false));
    private RedisServer server;
    private Redis redis;
    private DeploymentLedger ledger;

    @Setup
    public void start() {
        server = RedisServer.start();
        redis = Redis.open(server.url(), Duration.ofSeconds(5), "bench");
        ledger = new RedisLedger(redis, new LocalLedger(InstantSource.system()));
    }

    @TearDown
    public void stop() {
        if (redis.status().losses() > 0) {
            throw new IllegalStateException("measured something else: " + redis.status());
        }
        redis.close();
        server.close();
    }

    @Benchmark
    public Object reserveLimited() {
        return settled(ledger.reserve(limited, 500, LEASE));
    }

    @Benchmark
    public Object reserveUnlimited() {
        return settled(ledger.reserve(unlimited, 500, LEASE));
    }

    @Benchmark
    public Object reserveThird() {
        return settled(ledger.reserve(thirdServes, 500, LEASE));
    }

    /** Settling does not wait; its work in Redis is in the next reservation's time. */
    private Object settled(Outcome outcome) {
        ledger.settle(((Outcome.Reserved) outcome).reservation(), 400L);
        return outcome;
    }
}
