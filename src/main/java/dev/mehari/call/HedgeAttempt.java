package dev.mehari.call;

import dev.mehari.chat.GatewayException.Internal;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Step {@code hedgeAttempt}: in a group with a hedge, when the stream that is asked for next has not begun after so long,
 * asks the next deployment beside it, by its provider's route and on a thread of its own. {@code judgeAttempt} takes
 * whichever answers first.
 */
@Component
final class HedgeAttempt implements Processor {
    private static final Logger log = LoggerFactory.getLogger(HedgeAttempt.class);

    private final NextAttempt next;
    private final ProducerTemplate routes;

    /** @param routes made late: it starts with the routes, which name this step */
    HedgeAttempt(NextAttempt next, @Lazy ProducerTemplate routes) {
        this.next = next;
        this.routes = routes;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Duration after = call.attempts().rules().hedge();
        call.attempts().hedge(null);
        if (after == null || !call.request().stream() || !mayAskAnother(call)) {
            return;
        }
        Hedge hedge = new Hedge(call.attempts().latest());
        call.attempts().hedge(hedge);
        // Before the first attempt goes on: two threads must not share an exchange.
        Exchange beside = exchange.copy();
        Thread.ofVirtual().name(call.client().request().id() + " hedge").start(() -> run(call, hedge, after, beside));
    }

    private static boolean mayAskAnother(Call call) {
        return call.attempts().plan().hasMore()
                && call.attempts().count() < call.attempts().rules().maxAttempts();
    }

    private void run(Call call, Hedge hedge, Duration after, Exchange exchange) {
        if (!hedge.begins(after)) {
            return;
        }
        Attempt second = null;
        try {
            second = next.reserve(call);
            if (second != null && hedge.enters(second)) {
                second.enter(exchange);
                routes.send("direct:provider-" + second.ask().provider().name(), exchange);
            }
        } catch (RuntimeException defect) {
            exchange.setException(defect);
        } finally {
            end(second, exchange.getException());
            hedge.ended(second);
        }
    }

    /** As the loop would have it: an attempt has an answer or a failure. */
    private static void end(@Nullable Attempt attempt, @Nullable Exception broken) {
        if (broken != null) {
            log.error("the route of an attempt beside another failed", broken);
        }
        if (attempt != null && attempt.answer() == null && attempt.failure() == null) {
            attempt.fail(new Internal(
                    broken == null ? new IllegalStateException("the route ended without an answer") : broken));
        }
    }
}
