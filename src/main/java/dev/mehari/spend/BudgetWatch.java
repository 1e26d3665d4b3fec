package dev.mehari.spend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.access.CallerLedger;
import dev.mehari.access.Purse;
import dev.mehari.chat.Json;
import dev.mehari.price.Dollars;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns when a budget runs low: in the log, by a counter and, where one is set, by a webhook. The call whose cost goes past
 * the mark tells, so that each is told once in a period, by one replica. Thread-safe.
 */
public final class BudgetWatch implements CallerLedger.Watcher, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BudgetWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TRIES = 3;

    private final CurrentTerms terms;
    private final LongAdder warnings = new LongAdder();
    private final LongAdder undelivered = new LongAdder();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    public BudgetWatch(CurrentTerms terms) {
        this.terms = terms;
    }

    @Override
    public void spent(Purse purse, long before, long after) {
        Terms now = terms.get();
        long mark = BigDecimal.valueOf(now.warnAt())
                .multiply(BigDecimal.valueOf(purse.limit()))
                .longValue();
        if (before < mark && after >= mark) {
            warnings.increment();
            log.warn(
                    "the budget of {} ({}) is at {} of {} US dollars",
                    purse.name(),
                    purse.owner(),
                    Dollars.of(after).toPlainString(),
                    Dollars.of(purse.limit()).toPlainString());
            URI webhook = now.webhook();
            if (webhook != null) {
                Thread.ofVirtual().name("budget-webhook").start(() -> post(webhook, body(purse, after)));
            }
        }
    }

    private static byte[] body(Purse purse, long spent) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("event", "budget_warning");
        body.put("owner", purse.owner());
        body.put("name", purse.name());
        body.put("spent", Dollars.of(spent));
        body.put("budget", Dollars.of(purse.limit()));
        body.put("period_start", purse.start().toString());
        body.put(
                "period_end",
                purse.end().equals(Instant.MAX) ? null : purse.end().toString());
        return Json.bytes(body);
    }

    private void post(URI webhook, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(webhook)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            for (int tried = 1; tried <= TRIES; tried++) {
                if (isTaken(request)) {
                    return;
                }
                Thread.sleep(Duration.ofSeconds(tried));
            }
            undelivered.increment();
            // The address may hold a secret.
            log.error("the webhook of budget warnings at {} does not take them", webhook.getHost());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isTaken(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
        } catch (IOException broken) {
            log.debug("the webhook failed", broken);
            return false;
        }
    }

    /** How many warnings were given since the start. */
    public long warnings() {
        return warnings.sum();
    }

    /** How many of them the webhook did not take. */
    public long undelivered() {
        return undelivered.sum();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
