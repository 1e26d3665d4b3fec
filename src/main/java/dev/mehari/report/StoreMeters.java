package dev.mehari.report;

import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.CacheRules;
import dev.mehari.cache.SharedAnswers;
import dev.mehari.store.Database;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** Meters of what the gateway keeps: answers, and the database. Read when somebody scrapes. */
@Component
final class StoreMeters {
    private final MeterRegistry registry;

    StoreMeters(MeterRegistry registry, AnswerCache cache, CacheRules rules, Database database) {
        this.registry = registry;
        Gauge.builder("mehari.database.up", database, known -> known.isThere() ? 1 : 0)
                .description("Whether the database has done what it was last asked; 1 before it is asked anything")
                .register(registry);
        if (!rules.isOff()) {
            answers(cache);
        }
    }

    private void answers(AnswerCache cache) {
        gauge(cache, "mehari.cache.bytes", "What kept answers take of the memory", AnswerCache.Report::bytes);
        gauge(cache, "mehari.cache.max.bytes", "What they may take", AnswerCache.Report::mostBytes);
        gauge(cache, "mehari.cache.entries", "Answers in memory", AnswerCache.Report::entries);
        counter(cache, "mehari.cache.shared.hits", "Answers found in Redis", AnswerCache.Report::sharedHits);
        counter(cache, "mehari.cache.kept", "Answers that were kept", AnswerCache.Report::kept);
        counter(cache, "mehari.cache.too.large", "Answers too large to be kept", AnswerCache.Report::tooLarge);
        counter(cache, "mehari.cache.evictions", "Answers that made room", AnswerCache.Report::evictions);
        if (cache.report().shared() != null) {
            gauge(cache, "mehari.cache.shared.up", "Whether the shared cache answers", StoreMeters::isShared);
        }
    }

    private static int isShared(AnswerCache.Report report) {
        SharedAnswers.Status shared = report.shared();
        return shared != null && shared.there() ? 1 : 0;
    }

    private void gauge(AnswerCache cache, String name, String description, ToDoubleFunction<AnswerCache.Report> value) {
        Gauge.builder(name, cache, known -> value.applyAsDouble(known.report()))
                .description(description)
                .register(registry);
    }

    private void counter(
            AnswerCache cache, String name, String description, ToDoubleFunction<AnswerCache.Report> value) {
        FunctionCounter.builder(name, cache, known -> value.applyAsDouble(known.report()))
                .description(description)
                .register(registry);
    }
}
