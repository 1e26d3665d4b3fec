package dev.mehari.report;

import dev.mehari.spend.BudgetWatch;
import dev.mehari.spend.UsageBook;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** What there is to measure of budgets and of the book of usage. */
@Component
final class SpendMeters {
    SpendMeters(MeterRegistry registry, BudgetWatch watch, UsageBook book) {
        FunctionCounter.builder("mehari.budget.warnings", watch, BudgetWatch::warnings)
                .description("Budgets that went past the mark at which a warning is due")
                .register(registry);
        FunctionCounter.builder("mehari.budget.warnings.undelivered", watch, BudgetWatch::undelivered)
                .description("Warnings that the webhook did not take")
                .register(registry);
        FunctionCounter.builder("mehari.usage.lost", book, UsageBook::lost)
                .description("Bills that were not written down: the database was away for too long")
                .register(registry);
    }
}
