package dev.mehari.usage.metrics;

import dev.mehari.cache.CacheUse;
import dev.mehari.chat.RequestFacts;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.ModelNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * Meters are found by a key of our own and kept: Micrometer would sort tags and hash them anew for each call.
 *
 * Every label is from a closed list or bounded by ModelNames: dialect and operation are ours, providers are configured,
 * error types an enum, and of statuses there are those that we give.
 */
/** Counts calls, attempts, tokens and costs, and the time they take, for Prometheus. Thread-safe. */
public final class CallMeters implements CallObserver {
    private final MeterRegistry registry;
    private final TimeMeters times;
    private final UsageMeters usage;
    private final Map<CallKey, Counter> calls = new ConcurrentHashMap<>();
    private final Counter[] caches;
    private final Counter failovers;
    private final Counter clientsGone;

    private record CallKey(
            String dialect,
            String operation,
            boolean stream,
            int status,
            @Nullable ErrorType error) {}

    public CallMeters(MeterRegistry registry, ModelNames models) {
        this.registry = registry;
        this.times = new TimeMeters(registry, models);
        this.usage = new UsageMeters(registry, models);
        this.caches = Arrays.stream(CacheUse.values())
                .map(use -> cache(use.name().toLowerCase(Locale.ROOT)))
                .toArray(Counter[]::new);
        this.failovers = Counter.builder("mehari.failovers")
                .description("Attempts that were made after another had failed in the same call")
                .register(registry);
        this.clientsGone = Counter.builder("mehari.clients.gone")
                .description("Calls whose client left before the answer was complete")
                .register(registry);
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        found(
                        calls,
                        new CallKey(call.dialect(), call.operation(), call.stream(), call.status(), call.error()),
                        this::calls)
                .increment();
        if (call.clientGone()) {
            clientsGone.increment();
        }
        if (call.cache() != null) {
            caches[call.cache().ordinal()].increment();
        }
        times.ended(call);
        usage.ended(call);
        boolean failed = false;
        for (AttemptRecord attempt : call.attempts()) {
            if (failed) {
                failovers.increment();
            }
            failed = attempt.error() != null;
        }
    }

    /** Looked for first: computeIfAbsent may lock. */
    static <K, M> M found(Map<K, M> meters, K key, Function<K, M> make) {
        M known = meters.get(key);
        return known == null ? meters.computeIfAbsent(key, make) : known;
    }

    private Counter calls(CallKey key) {
        return Counter.builder("mehari.calls")
                .description("Calls that are over, refused ones among them")
                .tag("dialect", key.dialect())
                .tag("operation", key.operation())
                .tag("stream", Boolean.toString(key.stream()))
                .tag("status", Integer.toString(key.status()))
                .tag("error_type", TimeMeters.word(key.error()))
                .register(registry);
    }

    private Counter cache(String use) {
        return Counter.builder("mehari.cache.calls")
                .description("What the answer cache had to do with calls")
                .tag("result", use)
                .register(registry);
    }
}
