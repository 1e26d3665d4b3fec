package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.access.CallerLedger;
import dev.mehari.access.CallerLedger.Claim;
import dev.mehari.access.CallerLedger.Outcome;
import dev.mehari.access.Purse;
import dev.mehari.access.Quota;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.BudgetExceeded;
import dev.mehari.chat.GatewayException.Forbidden;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.price.Cost;
import dev.mehari.price.PromptTokens;
import dev.mehari.routing.Deployment;
import dev.mehari.spend.CurrentTerms;
import dev.mehari.spend.Terms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code authorizeCall}: may the caller ask for this model, and is there room within its limits and money in its
 * budgets. What the call may take at most is reserved in one step, or nothing of it; {@link CallBilling} turns it into
 * what was used when the call is over.
 */
@Component
final class AuthorizeCall implements Processor {
    /** OpenAI's own limit of {@code n}. */
    private static final long MOST_CHOICES = 128;

    private final Destinations destinations;
    private final CallerLedger ledger;
    private final CurrentTerms terms;
    private final InstantSource clock;

    AuthorizeCall(Destinations destinations, CallerLedger ledger, CurrentTerms terms, InstantSource clock) {
        this.destinations = destinations;
        this.ledger = ledger;
        this.terms = terms;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Destination destination = destinations.find(exchange);
        Caller caller = call.calledBy();
        Terms now = terms.get();
        Instant instant = clock.instant();
        List<Purse> purses = now.purses(caller, instant);
        Quota quota = caller.policy().quota();
        if (quota.isNone() && purses.isEmpty()) {
            return;
        }
        CallNotes notes = CallNotes.of(exchange);
        if (notes == null) {
            throw new IllegalStateException(
                    "limits need to know when a call is over; name observeCall first in its route");
        }
        boolean counts = quota.tokensPerMinute() != null || !purses.isEmpty();
        Usage most = counts ? most(call.request(), destination, now) : Usage.of(0L, 0L);
        long tokens = orZero(most.totalTokens());
        requireFits(quota, tokens);
        long nanos = purses.isEmpty() ? 0 : cost(call, destination, most, now);
        Claim claim = new Claim(caller.id(), quota, purses, tokens, nanos, now.lease());
        switch (ledger.reserve(claim)) {
            case Outcome.Admitted admitted -> {
                call.answerHeaders(QuotaHeaders.of(quota, admitted.standing()));
                notes.spending(new CallSpending(now, purses, orZero(most.promptTokens()), admitted.ticket()));
            }
            case Outcome.Refused refused -> {
                call.answerHeaders(QuotaHeaders.of(quota, refused.standing()));
                throw refusal(refused, quota, tokens, instant);
            }
        }
    }

    /** What it may use. Of several deployments the first one's tokens are counted; they differ little. */
    private static Usage most(RequestFacts request, Destination destination, Terms terms) {
        long prompt =
                PromptTokens.of(request, destination.deployments().getFirst().model());
        Long asked = request.maxTokens();
        boolean chat = request.embeddings() == null;
        long completion = !chat ? 0 : asked == null ? terms.completionTokens() : asked;
        return Usage.of(prompt, completion * choices(request.raw()));
    }

    /** How many answers are asked for ({@code n}); each may be as long as {@code max_tokens}. */
    private static long choices(JsonObject request) {
        JsonObject.Field n = request.field("n");
        return n == null ? 1 : (long) Math.clamp(request.tree(n).asDouble(1), 1.0, MOST_CHOICES);
    }

    private static void requireFits(Quota quota, long tokens) {
        Long most = quota.tokensPerMinute();
        if (most != null && tokens > most) {
            throw new RateLimited(
                    "tokens",
                    "Request too large for this key on tokens per min (TPM): Limit " + most + ", Requested " + tokens
                            + ". Its prompt and max_tokens together must be smaller.",
                    null);
        }
    }

    /** The dearest of those that may serve it. */
    private static long cost(Call call, Destination destination, Usage most, Terms terms) {
        long dearest = 0;
        for (Deployment deployment : destination.deployments()) {
            Cost cost = terms.prices().cost(deployment.name(), deployment.provider(), deployment.model(), most);
            if (!cost.whole() && terms.refusesUnpriced()) {
                throw new Forbidden(
                        "model_not_priced",
                        "model \"" + call.request().model()
                                + "\" has no price that is known, and this key has a budget;"
                                + " the operator can set one under mehari.prices");
            }
            dearest = Math.max(dearest, cost.nanos());
        }
        return dearest;
    }

    /** In OpenAI's words, which clients read. */
    private static GatewayException refusal(Outcome.Refused refused, Quota quota, long tokens, Instant now) {
        String again = " Please try again in " + QuotaHeaders.written(refused.retryAfter()) + ".";
        return switch (refused.reason()) {
            case REQUESTS ->
                limited(
                        "requests",
                        "requests per min (RPM): Limit " + quota.requestsPerMinute() + ", Used "
                                + refused.standing().requests() + ", Requested 1." + again,
                        refused.retryAfter());
            case TOKENS ->
                limited(
                        "tokens",
                        "tokens per min (TPM): Limit " + quota.tokensPerMinute() + ", Used "
                                + refused.standing().tokens() + ", Requested " + tokens + "." + again,
                        refused.retryAfter());
            case CONCURRENCY ->
                limited(
                        "requests",
                        "concurrent requests: Limit " + quota.concurrentCalls() + "." + again,
                        refused.retryAfter());
            case BUDGET -> new BudgetExceeded(spent(refused.purse(), now));
        };
    }

    private static RateLimited limited(String type, String what, Duration retryAfter) {
        return new RateLimited(type, "Rate limit reached for this key on " + what, retryAfter);
    }

    private static String spent(@Nullable Purse purse, Instant now) {
        String whose = purse != null && purse.isTeams() ? "this key's team" : "this key";
        String until = purse == null || !purse.end().isBefore(now.plus(Duration.ofDays(400)))
                ? ""
                : " It begins anew at " + purse.end() + ".";
        return "You exceeded your current quota: what is left of the budget of " + whose
                + " does not pay for this request." + until;
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }
}
