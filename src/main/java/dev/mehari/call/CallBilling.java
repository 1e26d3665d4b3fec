package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.access.CallerLedger;
import dev.mehari.access.CallerLedger.Used;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.Usage;
import dev.mehari.price.Cost;
import dev.mehari.price.Prices;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.Needs;
import dev.mehari.spend.Bill;
import dev.mehari.spend.CurrentTerms;
import dev.mehari.spend.UsageBook;
import dev.mehari.usage.PlainText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Settles what a call has used when it is over. Each attempt is paid for whose tokens are known, also one that failed
 * after a while; the last one, when its stream was cut off, by what was delivered. An attempt that gave nothing costs
 * nothing: providers do not charge for what they refuse. Thread-safe; never waits.
 */
@Component
final class CallBilling {
    /** Clients choose names of models; PostgreSQL, for one, holds no U+0000. */
    private static final int LONGEST_MODEL = 200;

    private final CallerLedger ledger;
    private final UsageBook book;
    private final CurrentTerms terms;

    CallBilling(CallerLedger ledger, UsageBook book, CurrentTerms terms) {
        this.ledger = ledger;
        this.book = book;
        this.terms = terms;
    }

    /** What one attempt used, as far as it is known, and its cost. */
    private record Spent(Attempt attempt, @Nullable Usage usage, boolean estimated, Cost cost) {
        long tokens() {
            return usage == null ? 0 : orZero(usage.promptTokens()) + orZero(usage.completionTokens());
        }
    }

    /** The cost of the whole call in nano-dollars; null when that is not known. */
    @Nullable
    Long settle(CallNotes notes) {
        Call call = notes.call();
        CallSpending spending = notes.spending();
        Caller caller = notes.caller();
        Bill recalled = call == null ? null : recalled(call, caller);
        if (call == null || recalled != null) {
            if (recalled != null) {
                note(caller, recalled, spending);
            }
            release(spending, 0, 0);
            return recalled == null ? null : (Long) recalled.cost().nanos();
        }
        Prices prices =
                spending == null ? terms.get().prices() : spending.terms().prices();
        List<Spent> attempts = call.attempts().all().stream()
                .filter(Attempt::wasSent)
                .map(attempt -> spent(attempt, call, spending, prices))
                .toList();
        long nanos = 0;
        long tokens = 0;
        boolean known = !attempts.isEmpty();
        for (int i = 0; i < attempts.size(); i++) {
            Spent spent = attempts.get(i);
            boolean last = i == attempts.size() - 1;
            if (last || spent.usage() != null) {
                note(caller, bill(caller, spent, last), spending);
            }
            nanos += spent.cost().nanos();
            known = known && spent.cost().whole();
            tokens += spent.tokens();
        }
        // What is known of it counts, or budgets could be got around with what has no price.
        release(spending, tokens, nanos);
        return known ? (Long) nanos : null;
    }

    private void release(@Nullable CallSpending spending, long tokens, long nanos) {
        if (spending != null && spending.ticket() != null) {
            ledger.settle(spending.ticket(), new Used(tokens, nanos));
        }
    }

    private static Spent spent(Attempt attempt, Call call, @Nullable CallSpending spending, Prices prices) {
        Usage known = attempt.usage();
        Usage usage = attempt.wasCutOff() || (attempt.answer() != null && !isWhole(known))
                ? reckoned(attempt, call, spending, known)
                : known;
        Deployment deployment = attempt.step().deployment();
        Cost cost = usage == null
                ? Cost.NOTHING
                : prices.cost(
                        deployment.name(), deployment.provider(), attempt.ask().model(), usage);
        return new Spent(attempt, usage, !Objects.equals(usage, known), cost);
    }

    private static boolean isWhole(@Nullable Usage usage) {
        return usage != null && usage.promptTokens() != null;
    }

    /** What the provider told before it was cut off, and at least what was delivered; the prompt as it was reckoned. */
    private static Usage reckoned(Attempt attempt, Call call, @Nullable CallSpending spending, @Nullable Usage known) {
        long reserved = spending == null ? 0 : spending.promptTokens();
        long prompt =
                reserved > 0 ? reserved : Needs.promptTokens(call.request().promptChars());
        Usage told = known == null ? Usage.of(null, null) : known;
        long delivered = attempt.deliveredTokens();
        return told.withSums(told.promptTokens() == null ? (Long) prompt : told.promptTokens(), (Long)
                Math.max(delivered, orZero(told.completionTokens())));
    }

    /** One that was answered with what another call has got. */
    private static @Nullable Bill recalled(Call call, Caller caller) {
        StoredAnswer.Origin origin = call.recalledFrom();
        return origin == null
                ? null
                : new Bill(
                        caller.id(),
                        caller.team(),
                        origin.provider(),
                        PlainText.of(origin.model(), LONGEST_MODEL),
                        call.usage(),
                        Cost.NOTHING,
                        Bill.Source.RECALLED,
                        true,
                        false);
    }

    private static Bill bill(Caller caller, Spent spent, boolean last) {
        Attempt attempt = spent.attempt();
        return new Bill(
                caller.id(),
                caller.team(),
                attempt.ask().provider().name(),
                PlainText.of(attempt.ask().model(), LONGEST_MODEL),
                spent.usage(),
                spent.cost(),
                attempt.answer() == null ? Bill.Source.FAILED : Bill.Source.ANSWERED,
                last,
                spent.estimated());
    }

    /** Calls without a key are nobody's; the request log tells of them. */
    private void note(Caller caller, Bill bill, @Nullable CallSpending spending) {
        if (caller != Caller.ANYONE) {
            book.note(bill, spending == null ? List.of() : spending.purses());
        }
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }
}
