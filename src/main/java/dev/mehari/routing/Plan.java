package dev.mehari.routing;

import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deployments that are left to try for one call. Belongs to the call's thread.
 *
 * <p>Those that are well come first, in their order. When none of them is left, the one that is due back first is tried
 * all the same, once: a call is not refused while anybody may serve it.
 */
public final class Plan {
    private final List<Step> well;
    private final List<Step> out;
    private final long tokens;
    private final InstantSource clock;
    private boolean lastResortTaken;
    private @Nullable Duration limitedFor;

    /**
     * A deployment that may be tried.
     *
     * @param dueMillis when it was expected back as the plan was made; 0: it was well
     */
    public record Step(Deployment deployment, DeploymentState state, long dueMillis) {
        boolean isDue(long nowMillis) {
            return state.dueMillis(nowMillis) <= nowMillis;
        }

        Candidate candidate(boolean evenCooling) {
            return new Candidate(state.name(), deployment.limits(), evenCooling);
        }
    }

    Plan(List<Step> well, List<Step> out, long tokens, InstantSource clock) {
        this.well = well;
        this.out = out;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** A plan of one, which is never refused for its health. */
    static Plan of(Step only, long tokens, InstantSource clock) {
        return new Plan(new ArrayList<>(0), new ArrayList<>(List.of(only)), tokens, clock);
    }

    /** What to reserve, in tokens. */
    public long tokens() {
        return tokens;
    }

    /** Those to ask for next, in order; empty when nothing is left. Looked at anew: others may have failed meanwhile. */
    public List<Candidate> candidates() {
        if (well.size() == 1 && out.isEmpty()) {
            Step only = well.getFirst();
            return List.of(only.candidate(!only.isDue(clock.millis())));
        }
        long now = clock.millis();
        List<Candidate> candidates = new ArrayList<>(well.size());
        for (int i = 0; i < well.size(); i++) {
            if (well.get(i).isDue(now)) {
                candidates.add(well.get(i).candidate(false));
            }
        }
        Step last = candidates.isEmpty() && !lastResortTaken ? dueFirst(now) : null;
        return last == null ? candidates : List.of(last.candidate(true));
    }

    private @Nullable Step dueFirst(long now) {
        well.forEach(step ->
                out.add(new Step(step.deployment(), step.state(), step.state().dueMillis(now))));
        well.clear();
        return out.stream()
                .min(Comparator.comparingLong(
                        step -> Math.max(step.dueMillis(), step.state().dueMillis(now))))
                .orElse(null);
    }

    /** Whether another deployment may be tried. */
    public boolean hasMore() {
        return !well.isEmpty() || (!out.isEmpty() && !lastResortTaken);
    }

    /** Takes a deployment out of the plan, by the name of its candidate. */
    public Step take(String name) {
        for (int i = 0; i < well.size(); i++) {
            if (well.get(i).state().name().equals(name)) {
                return well.remove(i);
            }
        }
        for (int i = 0; i < out.size(); i++) {
            if (out.get(i).state().name().equals(name)) {
                lastResortTaken = true;
                return out.remove(i);
            }
        }
        throw new IllegalArgumentException("the plan does not hold " + name);
    }

    /** The same deployment once more, before all others. */
    public void again(Step step) {
        well.addFirst(step);
    }

    /** The ledger has passed deployments over: at its limit one is out of the plan, cooling down elsewhere it waits. */
    public void passedOver(List<Refusal> refusals) {
        for (Refusal refusal : refusals) {
            if (refusal.reason() == Refusal.Reason.COOLING) {
                cools(refusal);
            } else {
                take(refusal.deployment());
                if (limitedFor == null || refusal.retryAfter().compareTo(limitedFor) < 0) {
                    limitedFor = refusal.retryAfter();
                }
            }
        }
    }

    /** Another replica left it out; what it has learnt counts here too. */
    private void cools(Refusal refusal) {
        for (Step step : well) {
            if (step.state().name().equals(refusal.deployment())) {
                step.state().health().leaveOut(clock.instant().plus(refusal.retryAfter()));
            }
        }
    }

    /** When the first of those at their limits may be asked again; null when none was passed over for that. */
    public @Nullable Duration limitedFor() {
        return limitedFor;
    }
}
