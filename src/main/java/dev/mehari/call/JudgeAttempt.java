package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.AskOtherwise;
import dev.mehari.chat.History;
import dev.mehari.routing.DeploymentState;
import dev.mehari.routing.FailureClass;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code judgeAttempt}: after an attempt, either there is an answer and the loop ends, or the same deployment is
 * asked once more after a pause, or the next one, or the failure is final and is thrown.
 */
@Component
final class JudgeAttempt implements Processor {
    private static final Logger log = LoggerFactory.getLogger(JudgeAttempt.class);

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempts attempts = call.attempts();
        Attempt attempt = attempts.settled();
        if (attempt.answer() != null) {
            call.media().forget();
            exchange.setProperty("attempting", false);
            return;
        }
        GatewayException failure = reason(attempt);
        if (failure instanceof AskOtherwise otherwise && canAskOtherwise(call, otherwise)) {
            tell(call, attempt, failure, "asking it in another form");
            attempts.plan().again(attempt.step());
            return;
        }
        if (mayGoOn(attempts, attempt, failure)) {
            Duration pause = beforeRetry(attempts, attempt, failure);
            if (pause != null) {
                tell(call, attempt, failure, "trying it again in " + pause.toMillis() + " ms");
                Pause.of(pause, call.client());
                attempt.step().state().stats().retried();
                attempts.plan().again(attempt.step());
                return;
            }
            if (attempts.plan().hasMore()) {
                attempt.step().state().stats().failedOver();
                tell(call, attempt, failure, "trying the next deployment");
                return;
            }
        }
        attempts.tried().stream()
                .map(tried -> tried.step().state().dueIn())
                .min(Comparator.naturalOrder())
                .ifPresent(attempts::retryAfter);
        // Left by the breaker's fallback; a doCatch around the loop would take this failure for one that was seen to.
        exchange.removeProperty(Exchange.EXCEPTION_HANDLED);
        throw attempts.failure();
    }

    /** Each form is tried once: a protocol remembers what it has learnt, and what was lost is sent along next. */
    private static boolean canAskOtherwise(Call call, AskOtherwise otherwise) {
        if (!otherwise.historyLost()) {
            return true;
        }
        History history = call.request().history();
        boolean kept = history != null && history.keeper() != null;
        call.historyLost();
        return kept;
    }

    private static GatewayException reason(Attempt attempt) {
        GatewayException known = attempt.failure();
        if (known == null) {
            throw new IllegalStateException("the attempt has neither an answer nor a failure");
        }
        return known;
    }

    private static boolean mayGoOn(Attempts attempts, Attempt attempt, GatewayException failure) {
        long sent = attempts.tried().stream().filter(Attempt::wasSent).count();
        return (failure.anotherMayServe() || attempt.wasRefusedHere())
                && sent < attempts.rules().maxAttempts()
                && attempts.timeLeft().isPositive();
    }

    /**
     * How long to wait before the same deployment is asked once more; null: not at all. After a rate limit only when
     * nobody else is there: others should serve, not wait.
     */
    private static @Nullable Duration beforeRetry(Attempts attempts, Attempt attempt, GatewayException failure) {
        int most = attempts.rules().retries();
        FailureClass why = FailureClass.of(failure);
        boolean worthIt = why == FailureClass.TRANSIENT
                || (why == FailureClass.RATE_LIMIT && !attempts.plan().hasMore());
        int retried = most == 0 ? 0 : retries(attempts, attempt);
        if (!worthIt || !attempt.wasSent() || retried >= most) {
            return null;
        }
        Duration pause = attempts.rules().pause(retried + 1, ThreadLocalRandom.current());
        Duration asked = failure.retryAfter();
        if (asked != null && asked.compareTo(pause) > 0) {
            pause = asked;
        }
        boolean tooLong =
                pause.compareTo(attempts.rules().longestPause()) > 0 || pause.compareTo(attempts.timeLeft()) >= 0;
        return tooLong ? null : pause;
    }

    /** How often the attempt's deployment was asked again already. */
    private static int retries(Attempts attempts, Attempt attempt) {
        DeploymentState state = attempt.step().state();
        int asked = 0;
        for (Attempt other : attempts.tried()) {
            asked += other.wasSent() && other.step().state() == state ? 1 : 0;
        }
        return asked - 1;
    }

    private static void tell(Call call, Attempt attempt, GatewayException failure, String next) {
        log.warn(
                "attempt {} of [{}] at provider \"{}\" failed, {}: {}",
                call.attempts().count(),
                call.client().request().id(),
                attempt.ask().provider().name(),
                next,
                failure.text());
    }
}
