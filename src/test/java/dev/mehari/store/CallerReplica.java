package dev.mehari.store;

import dev.mehari.access.Budget;
import dev.mehari.access.CallerLedger;
import dev.mehari.access.CallerLedger.Claim;
import dev.mehari.access.CallerLedger.Outcome;
import dev.mehari.access.CallerLedger.Used;
import dev.mehari.access.LocalCallerLedger;
import dev.mehari.access.Purse;
import dev.mehari.access.Quota;
import dev.mehari.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What one gateway has of the callers' ledger: a connection of its own; what the database would say is set by hand. */
record CallerReplica(Redis redis, CallerLedger ledger, AtomicLong inDatabase, ConcurrentLinkedQueue<Long> told)
        implements AutoCloseable {
    private static final Duration AMPLE = Duration.ofSeconds(20);

    static CallerReplica of(String url, Duration timeout) {
        Redis redis = Redis.open(url, timeout, "test");
        AtomicLong inDatabase = new AtomicLong();
        ConcurrentLinkedQueue<Long> told = new ConcurrentLinkedQueue<>();
        CallerLedger.Watcher watcher = (purse, before, after) -> told.add(after);
        CallerLedger local = new LocalCallerLedger(InstantSource.system(), purse -> inDatabase.get(), watcher);
        return new CallerReplica(
                redis, new RedisCallerLedger(redis, local, purse -> inDatabase.get(), watcher), inDatabase, told);
    }

    static CallerReplica of(String url) {
        CallerReplica replica = of(url, AMPLE);
        Eventually.holds(AMPLE, "Redis is there", () -> replica.redis().isThere());
        return replica;
    }

    static Purse purse(long limit) {
        Budget.Period total = Budget.Period.TOTAL;
        return new Purse("key:k", "k", limit, total.start(Instant.now()), total.end(Instant.now()));
    }

    static Claim claim(Quota quota, @Nullable Long budget, long tokens, long nanos, Duration lease) {
        return new Claim("k", quota, budget == null ? List.of() : List.of(purse(budget)), tokens, nanos, lease);
    }

    /** One call, which ends at once; how many were let in. */
    int once(Claim claim) {
        if (ledger.reserve(claim) instanceof Outcome.Admitted in) {
            ledger.settle(in.ticket(), new Used(claim.tokens(), claim.nanos()));
            return 1;
        }
        return 0;
    }

    /** From so many threads, each so many times; how many were let in. Each settles as it has reserved, or does not. */
    int storm(Claim claim, int threads, int times, boolean settles) throws InterruptedException {
        AtomicInteger admitted = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < times; n++) {
                    if (ledger.reserve(claim) instanceof Outcome.Admitted in) {
                        admitted.incrementAndGet();
                        if (settles) {
                            ledger.settle(in.ticket(), new Used(claim.tokens(), claim.nanos()));
                        }
                    }
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return admitted.get();
    }

    @Override
    public void close() {
        redis.close();
    }
}
