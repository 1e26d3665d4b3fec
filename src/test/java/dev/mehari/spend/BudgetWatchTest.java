package dev.mehari.spend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.access.Budget;
import dev.mehari.access.Purse;
import dev.mehari.price.PriceFile;
import dev.mehari.price.Prices;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is told that a budget runs low, and when. */
class BudgetWatchTest {
    private static final Purse PURSE = Purse.ofTeam(
            "phones", new Budget(10_000_000_000L, Budget.Period.MONTH), Instant.parse("2026-11-21T12:00:00Z"));

    private static CurrentTerms terms(URI webhook) {
        Prices none = new Prices(PriceFile.shipped(), Map.of(), Map.of());
        return new CurrentTerms(new Terms(none, Map.of(), true, 1000, Duration.ofMinutes(30), 0.8, webhook));
    }

    @Test
    void theCallThatGoesPastTheMarkTellsAndNoOther() {
        try (BudgetWatch watch = new BudgetWatch(terms(null))) {
            watch.spent(PURSE, 0, 7_999_999_999L);
            assertThat(watch.warnings()).isZero();
            watch.spent(PURSE, 7_999_999_999L, 8_000_000_000L);
            assertThat(watch.warnings()).isEqualTo(1);
            watch.spent(PURSE, 8_000_000_000L, 9_999_999_999L);
            watch.spent(PURSE, 9_999_999_999L, 12_000_000_000L);
            assertThat(watch.warnings()).isEqualTo(1);
        }
    }

    @Test
    void theWebhookGetsWhoseBudgetItIsAndHowMuchIsSpentAlsoAtTheSecondTry() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        try (ScriptedUpstream hook = new ScriptedUpstream();
                BudgetWatch watch = new BudgetWatch(terms(URI.create(hook.address() + "/hook")))) {
            hook.answer(request -> Script.json(tries.incrementAndGet() == 1 ? 500 : 200, "{}"));
            watch.spent(PURSE, 0, 8_500_000_001L);
            Eventually.holds(Duration.ofSeconds(60), "it was tried again", () -> tries.get() == 2);
            JsonNode told = hook.last().json();
            assertThat(told.path("event").asText()).isEqualTo("budget_warning");
            assertThat(told.path("owner").asText()).isEqualTo("team:phones");
            assertThat(told.path("spent").decimalValue()).isEqualByComparingTo("8.500000001");
            assertThat(told.path("budget").decimalValue()).isEqualByComparingTo("10");
            assertThat(told.path("period_end").asText()).isEqualTo("2026-12-01T00:00:00Z");
            assertThat(watch.undelivered()).isZero();
        }
    }
}
