package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.DeploymentLedger;
import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.DeploymentLedger.Reservation;
import dev.mehari.routing.Plan;
import dev.mehari.routing.Trial;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code nextAttempt}: reserves a place at the next deployment of the plan that has one, begins an attempt there and
 * sets the property {@code provider} for it.
 */
@Component
final class NextAttempt implements Processor {
    /** Beyond the deadline of a call, for the answer that began just before it. Dead replicas' are given back earlier. */
    private static final Duration LEASE_BEYOND = Duration.ofMinutes(10);

    private final Providers providers;
    private final DeploymentLedger ledger;
    private final AnswerKeeper keeper;

    NextAttempt(Providers providers, DeploymentLedger ledger, AnswerKeeper keeper) {
        this.keeper = keeper;
        this.providers = providers;
        this.ledger = ledger;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempt attempt = reserve(call);
        if (attempt == null) {
            throw nobody(call);
        }
        call.attempts().begin(attempt);
        attempt.enter(exchange);
    }

    /** An attempt at the next deployment that has a place; null: none has. */
    @Nullable
    Attempt reserve(Call call) {
        Plan plan = call.attempts().plan();
        for (List<Candidate> candidates = plan.candidates(); !candidates.isEmpty(); candidates = plan.candidates()) {
            Duration lease = call.attempts().timeLeft().plus(LEASE_BEYOND);
            switch (ledger.reserve(candidates, plan.tokens(), lease)) {
                case Outcome.Refused refused -> plan.passedOver(refused.refused());
                case Outcome.Reserved reserved -> {
                    plan.passedOver(reserved.refused());
                    Attempt attempt = attempt(call, candidates, reserved.reservation());
                    if (attempt != null) {
                        return attempt;
                    }
                }
            }
        }
        return null;
    }

    /** Null when another call has just begun to find out whether that deployment is well again. */
    private @Nullable Attempt attempt(Call call, List<Candidate> candidates, Reservation reservation) {
        Plan.Step step = call.attempts().plan().take(reservation.deployment());
        boolean evenCooling = candidates.getFirst().evenCooling();
        Trial trial = step.state().begin(evenCooling);
        if (trial == null) {
            ledger.settle(reservation, 0L);
            return null;
        }
        Booking booking = new Booking(ledger, reservation, trial, call.request().stream());
        return new Attempt(ask(call, step), step, booking, call.client(), attempt -> keeper.recording(call, attempt));
    }

    private Ask ask(Call call, Plan.Step step) {
        Provider provider =
                providers.find(step.deployment().provider(), step.deployment().name());
        if (provider == null) {
            throw new IllegalStateException("the plan names a provider that is not configured");
        }
        return call.ask(
                provider,
                step.deployment().model(),
                call.asked(),
                call.dialect().newAnswerId());
    }

    private static GatewayException nobody(Call call) {
        if (!call.attempts().isEmpty()) {
            return call.attempts().failure();
        }
        return new RateLimited(
                "rate_limit_error",
                "model \"" + call.alias() + "\": all of its deployments are at the limits that are configured for them",
                call.attempts().plan().limitedFor());
    }
}
