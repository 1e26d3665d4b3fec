package dev.mehari.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.budgets}. Immutable.
 *
 * @param warnAt part of a budget, from 0 to 1, with which its owner is told of
 * @param webhook gets the warning as a JSON POST; null: the log only
 * @param unpriced what becomes of calls with a budget for models whose price is not known
 */
public record BudgetSettings(
        @DefaultValue("0.8") double warnAt,
        @Nullable URI webhook,
        @DefaultValue("refuse") Unpriced unpriced) {

    /** What becomes of calls that cannot be paid for, since nobody knows the price. */
    public enum Unpriced {
        /** 403. */
        REFUSE,
        /** They are free, as far as the budget goes. */
        ALLOW
    }
}
