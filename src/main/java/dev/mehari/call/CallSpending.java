package dev.mehari.call;

import dev.mehari.access.CallerLedger.Ticket;
import dev.mehari.access.Purse;
import dev.mehari.spend.Terms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a call was let through, and what it has reserved. Immutable.
 *
 * @param purses that pay for it
 * @param promptTokens as they were reckoned beforehand
 * @param ticket null: it has reserved nothing
 */
record CallSpending(
        Terms terms,
        List<Purse> purses,
        long promptTokens,
        @Nullable Ticket ticket) {}
