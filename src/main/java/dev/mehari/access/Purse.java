package dev.mehari.access;

import java.time.Instant;

/**
 * Whose money a call spends, and how much of it there is. Immutable.
 *
 * @param owner {@code key:<id>} or {@code team:<name>}
 * @param name of the owner, to show
 * @param limit nano-dollars in the period
 * @param start of the period
 * @param end of the period; {@link Instant#MAX}: never
 */
public record Purse(String owner, String name, long limit, Instant start, Instant end) {
    private static final String KEY = "key:";
    private static final String TEAM = "team:";

    public static Purse ofKey(Caller caller, Budget budget, Instant now) {
        return of(KEY + caller.id(), caller.label(), budget, now);
    }

    public static Purse ofTeam(String team, Budget budget, Instant now) {
        return of(TEAM + team, "team " + team, budget, now);
    }

    private static Purse of(String owner, String name, Budget budget, Instant now) {
        return new Purse(
                owner,
                name,
                budget.nanos(),
                budget.period().start(now),
                budget.period().end(now));
    }

    /** Whether it is a team's; else it is a key's. */
    public boolean isTeams() {
        return owner.startsWith(TEAM);
    }

    /** The id of the key, or the name of the team. */
    public String ownerId() {
        return owner.substring(owner.indexOf(':') + 1);
    }

    /** Of its account: the owner and the period. */
    public String account() {
        return owner + '@' + start.getEpochSecond();
    }
}
