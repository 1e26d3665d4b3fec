package dev.mehari.access;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each caller has asked for within the last minute, what is under way, and what was spent. A call reserves all it
 * may take before it is made, in one step, or nothing of it; afterwards the reservation becomes what was really used.
 * Implementations are thread-safe.
 *
 * <p>Minutes slide: in whatever sixty seconds, no more than the limit begins. (A token bucket, such as bucket4j's, lets
 * up to twice as much through in the minute after a pause, and cannot take back what turns out to be unused.)
 */
public interface CallerLedger {
    /**
     * Reserves, or says what stands in the way. Blocks no longer than the store's fence, and for the sum of a period
     * that is not known yet the database.
     *
     * @throws StoreUnavailable what was spent in this period is known to the database only, and that is away
     */
    Outcome reserve(Claim claim);

    /** The call is over. Never waits. */
    void settle(Ticket ticket, Used used);

    /** So much at least was spent from an account: what the database knows. Never waits. */
    void raise(Purse purse, long nanos);

    /**
     * @param key id of the caller
     * @param purses that pay for it, each all of it
     * @param tokens the most that it may use
     * @param nanos the most that it may cost, in nano-dollars
     * @param lease after which it counts as over whatever happens; longer than any call takes
     */
    record Claim(String key, Quota quota, List<Purse> purses, long tokens, long nanos, Duration lease) {
        /** Whether nothing limits it. */
        public boolean isFree() {
            return quota.isNone() && purses.isEmpty();
        }
    }

    /** @param nanos what it cost, as far as that is known */
    record Used(long tokens, long nanos) {}

    /** A reservation that is to be settled, once. */
    record Ticket(String id, Claim claim) {}

    sealed interface Outcome {
        /** How the minute stands after it. */
        Standing standing();

        record Admitted(Ticket ticket, Standing standing) implements Outcome {}

        /**
         * @param retryAfter when there is room again; zero when it is money that lacks
         * @param purse that does not hold enough; null unless that is the reason
         */
        record Refused(
                Reason reason,
                Duration retryAfter,
                Standing standing,
                @Nullable Purse purse) implements Outcome {}
    }

    enum Reason {
        REQUESTS,
        TOKENS,
        CONCURRENCY,
        BUDGET
    }

    /**
     * What of the last minute's limits is used up.
     *
     * @param reset until all of it is free again, if nothing more is asked
     */
    record Standing(long requests, long tokens, Duration reset) {
        public static final Standing NOTHING = new Standing(0, 0, Duration.ZERO);
    }

    /** Hears of money that was spent. Called from any thread, must not wait. */
    interface Watcher {
        /** An account went from one sum to another, in nano-dollars; each step is told once. */
        void spent(Purse purse, long before, long after);
    }
}
