package dev.mehari.usage.metrics;

import dev.mehari.cache.CacheUse;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.GenAi;
import dev.mehari.usage.ModelNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
    private static final Duration[] DURATIONS =
            durations(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static final Duration[] FIRST_TOKEN =
            durations(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    private static final Duration[] PER_TOKEN =
            durations(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);
    private static final Duration[] OVERHEAD =
            durations(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0);
    private static final Duration[] CONNECT =
            durations(0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0);
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final ModelNames models;
    private final Map<CallKey, Counter> calls = new ConcurrentHashMap<>();
    private final Map<ServedKey, Timer> durations = new ConcurrentHashMap<>();
    private final Map<ServedKey, Timer> attemptDurations = new ConcurrentHashMap<>();
    private final Map<ModelKey, ModelMeters> byModel = new ConcurrentHashMap<>();
    private final Map<ConnectKey, Timer> connects = new ConcurrentHashMap<>();
    private final Map<String, Timer> overheads = new ConcurrentHashMap<>();
    private final Counter[] caches;
    private final Counter failovers;
    private final Counter clientsGone;

    private record CallKey(
            String dialect,
            String operation,
            boolean stream,
            int status,
            @Nullable ErrorType error) {}

    private record ModelKey(String operation, String provider, String protocol, String model) {}

    private record ServedKey(ModelKey model, @Nullable ErrorType error, boolean overtaken) {}

    private record ConnectKey(String provider, boolean anew) {}

    /** Those of one model for one operation. */
    private record ModelMeters(
            DistributionSummary input,
            DistributionSummary output,
            Counter cached,
            Counter cacheWrites,
            Counter reasoning,
            Counter cost,
            Timer firstToken,
            Timer perToken) {}

    public CallMeters(MeterRegistry registry, ModelNames models) {
        this.registry = registry;
        this.models = models;
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
        OptionalLong overhead = call.overheadNanos();
        if (overhead.isPresent()) {
            record(found(overheads, call.operation(), this::overhead), overhead.getAsLong());
        }
        AttemptRecord served = call.served();
        if (served != null) {
            served(call, served);
        }
        boolean failed = false;
        for (AttemptRecord attempt : call.attempts()) {
            if (attempt.wasBegun()) {
                attempt(call, attempt);
            }
            if (failed) {
                failovers.increment();
            }
            failed = attempt.error() != null;
        }
    }

    private void served(CallRecord call, AttemptRecord served) {
        ModelKey key = key(call, served);
        record(
                found(durations, new ServedKey(key, call.error(), false), this::duration),
                call.times().total());
        ModelMeters meters = found(byModel, key, this::meters);
        call.toFirstTokenNanos().ifPresent(nanos -> record(meters.firstToken(), nanos));
        call.tokensPerSecond().ifPresent(rate -> record(meters.perToken(), (long) (1e9 / rate)));
        Usage usage = call.usage();
        if (usage != null) {
            tokens(meters.input(), usage.promptTokens());
            tokens(meters.output(), usage.completionTokens());
            count(meters.cached(), usage.cachedTokens(), 1);
            count(meters.cacheWrites(), usage.cacheWriteTokens(), 1);
            count(meters.reasoning(), usage.reasoningTokens(), 1);
        }
        count(meters.cost(), call.costNanoUsd(), 1e-9);
    }

    private void attempt(CallRecord call, AttemptRecord attempt) {
        long sent = attempt.times().sent();
        long ended = attempt.times().ended() == 0
                ? call.times().done()
                : attempt.times().ended();
        Timer timer = found(
                attemptDurations,
                new ServedKey(key(call, attempt), attempt.error(), attempt.overtaken()),
                this::attemptDuration);
        // One that was refused on the way took no time at the provider, but it counts.
        record(timer, sent == 0 ? 0 : ended - sent);
        OptionalLong connect = attempt.times().toConnect();
        if (connect.isPresent()) {
            boolean anew = Boolean.TRUE.equals(attempt.times().newConnection());
            record(found(connects, new ConnectKey(attempt.provider(), anew), this::connect), connect.getAsLong());
        }
    }

    private ModelKey key(CallRecord call, AttemptRecord attempt) {
        return new ModelKey(call.operation(), attempt.provider(), attempt.protocol(), models.of(attempt));
    }

    /** Looked for first: computeIfAbsent may lock. */
    private static <K, M> M found(Map<K, M> meters, K key, Function<K, M> make) {
        M known = meters.get(key);
        return known == null ? meters.computeIfAbsent(key, make) : known;
    }

    private static void record(Timer timer, long nanos) {
        timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private static void tokens(DistributionSummary summary, @Nullable Long tokens) {
        if (tokens != null) {
            summary.record(tokens);
        }
    }

    private static void count(Counter counter, @Nullable Long number, double unit) {
        if (number != null && number > 0) {
            counter.increment(number * unit);
        }
    }

    private Counter calls(CallKey key) {
        return Counter.builder("mehari.calls")
                .description("Calls that are over, refused ones among them")
                .tag("dialect", key.dialect())
                .tag("operation", key.operation())
                .tag("stream", Boolean.toString(key.stream()))
                .tag("status", Integer.toString(key.status()))
                .tag("error_type", word(key.error()))
                .register(registry);
    }

    private Counter cache(String use) {
        return Counter.builder("mehari.cache.calls")
                .description("What the answer cache had to do with calls")
                .tag("result", use)
                .register(registry);
    }

    private Timer overhead(String operation) {
        return Timer.builder("mehari.overhead")
                .description("The gateway's own part of the time to the first byte")
                .tag("operation", operation)
                .serviceLevelObjectives(OVERHEAD)
                .register(registry);
    }

    private Timer connect(ConnectKey key) {
        return Timer.builder("mehari.upstream.connect")
                .description("Until there was a connection to the provider")
                .tag("provider", key.provider())
                .tag("connection", key.anew() ? "new" : "reused")
                .serviceLevelObjectives(CONNECT)
                .register(registry);
    }

    private Timer duration(ServedKey key) {
        return Timer.builder(GenAi.SERVER_DURATION)
                .description("Whole calls, as their clients see them")
                .tags(tags(key.model()).and(GenAi.ERROR.getKey(), word(key.error())))
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    private Timer attemptDuration(ServedKey key) {
        return Timer.builder(GenAi.CLIENT_DURATION)
                .description("Attempts at providers, from the request to the end of the answer")
                .tags(tags(key.model()).and(GenAi.ERROR.getKey(), key.overtaken() ? "overtaken" : word(key.error())))
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    private ModelMeters meters(ModelKey key) {
        Tags tags = tags(key);
        return new ModelMeters(
                tokens(tags, "input"),
                tokens(tags, "output"),
                counter("mehari.tokens.cached", "Input tokens that the provider had in its cache", tags),
                counter("mehari.tokens.cache.writes", "Input tokens that the provider has put into its cache", tags),
                counter("mehari.tokens.reasoning", "Output tokens spent on reasoning", tags),
                counter("mehari.cost.usd", "Cost of calls in US dollars, where the price is known", tags),
                Timer.builder(GenAi.TIME_TO_FIRST_TOKEN)
                        .description("Until the first token of a stream went to the client")
                        .tags(tags)
                        .serviceLevelObjectives(FIRST_TOKEN)
                        .register(registry),
                Timer.builder(GenAi.TIME_PER_OUTPUT_TOKEN)
                        .description("Between two tokens of a stream, after the first")
                        .tags(tags)
                        .serviceLevelObjectives(PER_TOKEN)
                        .register(registry));
    }

    private DistributionSummary tokens(Tags tags, String type) {
        return DistributionSummary.builder(GenAi.TOKEN_USAGE)
                .description("Tokens of calls")
                .tags(tags.and(GenAi.TOKEN_TYPE, type))
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private static Tags tags(ModelKey key) {
        return Tags.of(
                GenAi.OPERATION.getKey(),
                key.operation(),
                GenAi.PROVIDER.getKey(),
                GenAi.provider(key.protocol(), key.provider()),
                GenAi.REQUEST_MODEL.getKey(),
                key.model(),
                "provider",
                key.provider());
    }

    private static String word(@Nullable ErrorType error) {
        return error == null ? NONE : error.word();
    }

    private static Duration[] durations(double... seconds) {
        return Arrays.stream(seconds)
                .mapToObj(second -> Duration.ofNanos(Math.round(second * 1e9)))
                .toArray(Duration[]::new);
    }
}
