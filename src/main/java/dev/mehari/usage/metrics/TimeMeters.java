package dev.mehari.usage.metrics;

import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.GenAi;
import dev.mehari.usage.ModelNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long calls and attempts take, and what of it is ours. Thread-safe. */
final class TimeMeters {
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

    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final ModelNames models;
    private final Map<EndKey, Timer> durations = new ConcurrentHashMap<>();
    private final Map<EndKey, Timer> attemptDurations = new ConcurrentHashMap<>();
    private final Map<ModelKey, TokenTimers> tokens = new ConcurrentHashMap<>();
    private final Map<ConnectKey, Timer> connects = new ConcurrentHashMap<>();
    private final Map<String, Timer> overheads = new ConcurrentHashMap<>();

    private record EndKey(ModelKey model, @Nullable ErrorType error, boolean overtaken) {}

    private record ConnectKey(String provider, boolean anew) {}

    private record TokenTimers(Timer first, Timer perToken) {}

    TimeMeters(MeterRegistry registry, ModelNames models) {
        this.registry = registry;
        this.models = models;
    }

    void ended(CallRecord call) {
        OptionalLong overhead = call.overheadNanos();
        if (overhead.isPresent()) {
            record(CallMeters.found(overheads, call.operation(), this::overhead), overhead.getAsLong());
        }
        AttemptRecord served = call.served();
        if (served != null) {
            served(call, ModelKey.of(call, served, models));
        }
        for (AttemptRecord attempt : call.attempts()) {
            if (attempt.wasBegun()) {
                attempt(call, attempt);
            }
        }
    }

    private void served(CallRecord call, ModelKey key) {
        record(
                CallMeters.found(durations, new EndKey(key, call.error(), false), this::duration),
                call.times().total());
        TokenTimers timers = CallMeters.found(tokens, key, this::tokens);
        call.toFirstTokenNanos().ifPresent(nanos -> record(timers.first(), nanos));
        call.tokensPerSecond().ifPresent(rate -> record(timers.perToken(), (long) (1e9 / rate)));
    }

    private void attempt(CallRecord call, AttemptRecord attempt) {
        long sent = attempt.times().sent();
        long ended = attempt.times().ended() == 0
                ? call.times().done()
                : attempt.times().ended();
        Timer timer = CallMeters.found(
                attemptDurations,
                new EndKey(ModelKey.of(call, attempt, models), attempt.error(), attempt.overtaken()),
                this::attemptDuration);
        // One that was refused on the way took no time at the provider, but it counts.
        record(timer, sent == 0 ? 0 : ended - sent);
        OptionalLong connect = attempt.times().toConnect();
        if (connect.isPresent()) {
            boolean anew = Boolean.TRUE.equals(attempt.times().newConnection());
            record(
                    CallMeters.found(connects, new ConnectKey(attempt.provider(), anew), this::connect),
                    connect.getAsLong());
        }
    }

    private static void record(Timer timer, long nanos) {
        timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
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

    private Timer duration(EndKey key) {
        return Timer.builder(GenAi.SERVER_DURATION)
                .description("Whole calls, as their clients see them")
                .tags(key.model().tags().and(GenAi.ERROR.getKey(), word(key.error())))
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    private Timer attemptDuration(EndKey key) {
        return Timer.builder(GenAi.CLIENT_DURATION)
                .description("Attempts at providers, from the request to the end of the answer")
                .tags(key.model().tags().and(GenAi.ERROR.getKey(), key.overtaken() ? "overtaken" : word(key.error())))
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    private TokenTimers tokens(ModelKey key) {
        return new TokenTimers(
                Timer.builder(GenAi.TIME_TO_FIRST_TOKEN)
                        .description("Until the first token of a stream went to the client")
                        .tags(key.tags())
                        .serviceLevelObjectives(FIRST_TOKEN)
                        .register(registry),
                Timer.builder(GenAi.TIME_PER_OUTPUT_TOKEN)
                        .description("Between two tokens of a stream, after the first")
                        .tags(key.tags())
                        .serviceLevelObjectives(PER_TOKEN)
                        .register(registry));
    }

    static String word(@Nullable ErrorType error) {
        return error == null ? NONE : error.word();
    }

    private static Duration[] durations(double... seconds) {
        return Arrays.stream(seconds)
                .mapToObj(second -> Duration.ofNanos(Math.round(second * 1e9)))
                .toArray(Duration[]::new);
    }
}
