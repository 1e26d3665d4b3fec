package dev.mehari.access;

import dev.mehari.access.QuotaWindow.Full;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a single replica, in memory. A call without limits costs it nothing; one with limits a short lock of its
 * key. Thread-safe.
 */
public final class LocalCallerLedger implements CallerLedger {
    private static final String UNCOUNTED = "";

    private final InstantSource clock;
    private final ToLongFunction<Purse> spent;
    private final Watcher watcher;
    private final Map<String, QuotaWindow> windows = new ConcurrentHashMap<>();
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();

    /** @param spent reads what was spent from a purse so far, in nano-dollars; may block and throw */
    public LocalCallerLedger(InstantSource clock, ToLongFunction<Purse> spent, Watcher watcher) {
        this.clock = clock;
        this.spent = spent;
        this.watcher = watcher;
    }

    @Override
    public Outcome reserve(Claim claim) {
        if (claim.isFree()) {
            return new Outcome.Admitted(new Ticket(UNCOUNTED, claim), Standing.NOTHING);
        }
        long now = clock.millis();
        Purse empty = promise(claim);
        if (empty != null) {
            return new Outcome.Refused(Reason.BUDGET, Duration.ZERO, standing(claim, now), empty);
        }
        QuotaWindow window = windows.computeIfAbsent(claim.key(), key -> new QuotaWindow());
        Full full = window.reserve(claim.quota(), claim.tokens(), now);
        if (full != null) {
            claim.purses().forEach(purse -> account(purse).release(claim.nanos()));
            return new Outcome.Refused(full.reason(), full.retryAfter(), standing(claim, now), null);
        }
        return new Outcome.Admitted(new Ticket(Long.toString(now / 1000), claim), standing(claim, now));
    }

    /** Promises the money from all purses, or from none; the one that lacks it, or null. */
    private @Nullable Purse promise(Claim claim) {
        for (int i = 0; i < claim.purses().size(); i++) {
            Purse purse = claim.purses().get(i);
            if (!account(purse).promise(claim.nanos(), purse.limit())) {
                claim.purses().subList(0, i).forEach(other -> account(other).release(claim.nanos()));
                return purse;
            }
        }
        return null;
    }

    private Standing standing(Claim claim, long now) {
        QuotaWindow window = windows.get(claim.key());
        return claim.quota().isNone() || window == null ? Standing.NOTHING : window.standing(now);
    }

    private Account account(Purse purse) {
        Account known = accounts.get(purse.account());
        if (known != null) {
            return known;
        }
        // Read without a lock: who comes second finds what the first has put.
        Account read = new Account(spent.applyAsLong(purse));
        accounts.keySet().removeIf(name -> isBefore(name, purse));
        Account other = accounts.putIfAbsent(purse.account(), read);
        return other == null ? read : other;
    }

    /** Whether it is the account of the same owner in a period before the last one: nothing is under way there. */
    private static boolean isBefore(String account, Purse purse) {
        int at = account.lastIndexOf('@');
        return account.substring(0, at).equals(purse.owner())
                && Long.parseLong(account.substring(at + 1))
                        < purse.start().minus(Duration.ofDays(40)).getEpochSecond();
    }

    @Override
    public void settle(Ticket ticket, Used used) {
        if (ticket.id().equals(UNCOUNTED)) {
            return;
        }
        Claim claim = ticket.claim();
        QuotaWindow window = windows.get(claim.key());
        if (window != null) {
            window.settle(Long.parseLong(ticket.id()), used.tokens() - claim.tokens());
        }
        long nanos = used.nanos();
        for (Purse purse : claim.purses()) {
            Account account = accounts.get(purse.account());
            if (account != null) {
                long after = account.spend(claim.nanos(), nanos);
                watcher.spent(purse, after - nanos, after);
            }
        }
    }

    @Override
    public void raise(Purse purse, long nanos) {
        Account account = accounts.get(purse.account());
        if (account != null) {
            account.raise(nanos);
        }
    }

    /** What was spent in a period, and what is promised to calls under way. Thread-safe. */
    private static final class Account {
        private long spent;
        private long promised;

        Account(long spent) {
            this.spent = spent;
        }

        synchronized boolean promise(long nanos, long limit) {
            // A call that costs nothing is not made either once all is spent.
            if (spent + promised + Math.max(1, nanos) > limit) {
                return false;
            }
            promised += nanos;
            return true;
        }

        synchronized void release(long nanos) {
            promised -= nanos;
        }

        synchronized long spend(long was, long nanos) {
            promised -= was;
            spent += nanos;
            return spent;
        }

        synchronized void raise(long atLeast) {
            spent = Math.max(spent, atLeast);
        }
    }
}
