package dev.mehari.usage.metrics;

import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.GenAi;
import dev.mehari.usage.ModelNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What calls have used, and what it costs. Thread-safe. */
final class UsageMeters {
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    private final MeterRegistry registry;
    private final ModelNames models;
    private final Map<ModelKey, Meters> byModel = new ConcurrentHashMap<>();
    private final Map<DetailKey, Counter> details = new ConcurrentHashMap<>();

    private record DetailKey(ModelKey model, UsageDetail detail) {}

    /** @param own counters of kinds that have a metric of their own */
    private record Meters(
            DistributionSummary input,
            DistributionSummary output,
            Map<UsageDetail, Counter> own,
            Counter cost,
            Counter unpriced) {}

    UsageMeters(MeterRegistry registry, ModelNames models) {
        this.registry = registry;
        this.models = models;
    }

    void ended(CallRecord call) {
        AttemptRecord served = call.served();
        if (served == null) {
            return;
        }
        ModelKey key = ModelKey.of(call, served, models);
        Meters meters = CallMeters.found(byModel, key, this::meters);
        Usage usage = call.usage();
        if (usage != null) {
            tokens(meters.input(), usage.promptTokens());
            tokens(meters.output(), usage.completionTokens());
            usage.details().forEach((detail, count) -> count(key, meters, detail, count));
        }
        Long nanos = call.costNanoUsd();
        if (nanos != null) {
            meters.cost().increment(nanos * 1e-9);
        } else if (usage != null) {
            meters.unpriced().increment();
        }
    }

    private static void tokens(DistributionSummary summary, @Nullable Long tokens) {
        if (tokens != null) {
            summary.record(tokens);
        }
    }

    private void count(ModelKey key, Meters meters, UsageDetail detail, long count) {
        // Some tell every kind there is, most of them as 0.
        if (count > 0) {
            counter(key, meters, detail).increment(count);
        }
    }

    private Counter counter(ModelKey key, Meters meters, UsageDetail detail) {
        Counter own = meters.own().get(detail);
        return own == null ? CallMeters.found(details, new DetailKey(key, detail), this::detail) : own;
    }

    private Meters meters(ModelKey key) {
        Tags tags = key.tags();
        Map<UsageDetail, Counter> own = new EnumMap<>(UsageDetail.class);
        own.put(
                UsageDetail.CACHED,
                counter("mehari.tokens.cached", "Input tokens that the provider had in its cache", tags));
        own.put(
                UsageDetail.CACHE_WRITE,
                counter("mehari.tokens.cache.writes", "Input tokens that the provider has put into its cache", tags));
        own.put(UsageDetail.REASONING, counter("mehari.tokens.reasoning", "Output tokens spent on reasoning", tags));
        return new Meters(
                tokens(tags, "input"),
                tokens(tags, "output"),
                own,
                counter("mehari.cost.usd", "Cost of calls in US dollars, where the price is known", tags),
                counter("mehari.cost.unknown", "Calls whose cost is not known, or not all of it", tags));
    }

    private Counter detail(DetailKey key) {
        return counter(
                "mehari.usage.details",
                "Tokens by kind, and what is counted beside them",
                key.model().tags().and("detail", key.detail().label()));
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
}
