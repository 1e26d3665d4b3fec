package dev.mehari.spend;

import dev.mehari.access.Budget;
import dev.mehari.access.Caller;
import dev.mehari.access.Purse;
import dev.mehari.price.Prices;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On what terms calls are made with the settings of one moment. Immutable but for what the prices remember.
 *
 * @param teams budgets, by the name of the team
 * @param refusesUnpriced whether a caller with a budget is refused models whose price is not known
 * @param completionTokens reserved for an answer whose request sets no limit
 * @param lease how long a reservation stands that nobody gives back
 * @param warnAt part of a budget, from 0 to 1, with which a warning is due
 * @param webhook gets the warnings; null: the log only
 */
public record Terms(
        Prices prices,
        Map<String, Budget> teams,
        boolean refusesUnpriced,
        int completionTokens,
        Duration lease,
        double warnAt,
        @Nullable URI webhook) {
    public Terms {
        teams = Map.copyOf(teams);
    }

    /** Who pays for a caller's calls: its own budget, its team's, both or nobody's. */
    public List<Purse> purses(Caller caller, Instant now) {
        Budget own = caller.policy().budget();
        Budget shared = caller.team() == null ? null : teams.get(caller.team());
        if (own == null && shared == null) {
            return List.of();
        }
        List<Purse> purses = new ArrayList<>(2);
        if (own != null) {
            purses.add(Purse.ofKey(caller, own, now));
        }
        if (shared != null && caller.team() != null) {
            purses.add(Purse.ofTeam(caller.team(), shared, now));
        }
        return purses;
    }
}
