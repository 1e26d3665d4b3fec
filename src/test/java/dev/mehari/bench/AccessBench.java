package dev.mehari.bench;

import dev.mehari.access.Budget;
import dev.mehari.access.Caller;
import dev.mehari.access.CallerLedger;
import dev.mehari.access.CallerLedger.Claim;
import dev.mehari.access.CallerLedger.Outcome;
import dev.mehari.access.CallerLedger.Used;
import dev.mehari.access.ClientKeys;
import dev.mehari.access.KeyText;
import dev.mehari.access.LocalCallerLedger;
import dev.mehari.access.Names;
import dev.mehari.access.Policy;
import dev.mehari.access.Purse;
import dev.mehari.access.Quota;
import dev.mehari.chat.Usage;
import dev.mehari.keys.IssuedKey;
import dev.mehari.keys.KeyCache;
import dev.mehari.keys.KeyRules;
import dev.mehari.price.PriceFile;
import dev.mehari.price.Prices;
import dev.mehari.store.Redis;
import dev.mehari.store.RedisCallerLedger;
import dev.mehari.testing.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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

/** What it costs to find out who calls, to reserve within its limits and its budget, and to settle. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AccessBench {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration LEASE = Duration.ofMinutes(30);

    private final KeyText text = KeyText.random();
    private final String header = "Bearer " + text.token();
    private final Prices prices = new Prices(PriceFile.shipped(), Map.of(), Map.of("openai", "openai"));
    private ClientKeys keys;
    private CallerLedger local;
    private RedisServer server;
    private Redis redis;
    private CallerLedger shared;

    @Setup
    public void start() {
        KeyRules rules = new KeyRules(
                "voice",
                "phones",
                List.of("gpt-4o*", "claude-*"),
                List.of(),
                null,
                false,
                1_000_000_000,
                1_000_000_000_000L,
                10_000,
                new Budget(9_000_000_000_000_000L, Budget.Period.MONTH),
                false,
                Policy.CacheUse.DEFAULT,
                null,
                Map.of());
        IssuedKey key = new IssuedKey(text.id(), text.secretHash(), null, null, Instant.now(), null, rules);
        KeyCache cache = new KeyCache(id -> key, CLOCK, 1000, Duration.ofDays(1));
        keys = new ClientKeys(List.of(), cache, true, CLOCK);
        local = new LocalCallerLedger(CLOCK, purse -> 0, (purse, before, after) -> {});
        server = RedisServer.start();
        redis = Redis.open(server.url(), Duration.ofSeconds(5), "bench");
        shared = new RedisCallerLedger(redis, local, purse -> 0, (purse, before, after) -> {});
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
    public Caller authenticate() {
        return keys.authenticate(header, null);
    }

    /** All of it in memory: key, model, price, limits, budget, and settling. */
    @Benchmark
    public Object inMemory() {
        return call(local);
    }

    /** The same over a Redis on the loopback. */
    @Benchmark
    public Object overRedis() {
        return call(shared);
    }

    private Object call(CallerLedger ledger) {
        Caller caller = keys.authenticate(header, null);
        Names models = caller.policy().models();
        Quota quota = caller.policy().quota();
        Budget budget = caller.policy().budget();
        if (!models.allow("gpt-4o") || budget == null) {
            throw new IllegalStateException("not the key that was made");
        }
        long most = prices.cost("openai/gpt-4o", "openai", "gpt-4o", Usage.of(1000L, 1000L))
                .nanos();
        Purse purse = Purse.ofKey(caller, budget, CLOCK.instant());
        Outcome outcome = ledger.reserve(new Claim(caller.id(), quota, List.of(purse), 2000, most, LEASE));
        if (!(outcome instanceof Outcome.Admitted in)) {
            throw new IllegalStateException("refused: " + outcome);
        }
        ledger.settle(
                in.ticket(),
                new Used(
                        1200,
                        prices.cost("openai/gpt-4o", "openai", "gpt-4o", Usage.of(1000L, 200L))
                                .nanos()));
        return outcome;
    }
}
