package dev.mehari.routing;

import dev.mehari.chat.GatewayException;
import dev.mehari.routing.Abilities.Lack;
import dev.mehari.routing.ModelGroup.Member;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Orders the deployments of a group for one call: those that can serve it and are well, by priority and within one by the
 * group's strategy; behind them those that are left out for now, the one due back first in front. Thread-safe.
 */
public final class Planner {
    private final ProviderStatus providers;
    private final InstantSource clock;

    public Planner(ProviderStatus providers, InstantSource clock) {
        this.providers = providers;
        this.clock = clock;
    }

    /**
     * The plan for a call.
     *
     * @throws GatewayException no deployment of the group can serve such a request; nothing was asked
     */
    public Plan plan(ModelGroup group, Needs needs) {
        long now = clock.millis();
        List<Member> members = group.list();
        List<Pick> well = new ArrayList<>(members.size());
        List<Plan.Step> out = new ArrayList<>(0);
        Set<Lack> lacks = EnumSet.noneOf(Lack.class);
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!providers.isAvailable(member.deployment().provider())) {
                continue;
            }
            Lack lack = member.deployment().abilities().lack(needs);
            if (lack != null) {
                lacks.add(lack);
                continue;
            }
            long due = Math.max(
                    member.state().dueMillis(now),
                    providers.shutUntilMillis(member.deployment().provider()));
            if (due <= now) {
                well.add(new Pick(
                        member,
                        member.deployment().weight() * member.state().health().share(now)));
            } else {
                out.add(new Plan.Step(member.deployment(), member.state(), due));
            }
        }
        if (well.isEmpty() && out.isEmpty()) {
            throw Unservable.by(group.name(), needs, lacks, members);
        }
        order(well, group.strategy(), needs, now);
        keeperFirst(well, needs.keeper());
        return new Plan(steps(well), out, needs.tokens(), clock);
    }

    /** The plan for a model that no group names: its only deployment, however it fares. */
    public Plan only(Deployment deployment, DeploymentState state, Needs needs) {
        return Plan.of(new Plan.Step(deployment, state, 0), needs.tokens(), clock);
    }

    private static void order(List<Pick> picks, Strategy strategy, Needs needs, long now) {
        int from = 0;
        for (int i = 1; i <= picks.size(); i++) {
            if (i == picks.size() || picks.get(i).priority() != picks.get(from).priority()) {
                if (i - from > 1) {
                    strategy.order(picks.subList(from, i), needs, now);
                }
                from = i;
            }
        }
    }

    /** Who keeps a conversation goes on with it at once; to anybody else all of it must be sent. */
    private static void keeperFirst(List<Pick> picks, @Nullable String keeper) {
        if (keeper != null) {
            picks.sort(Comparator.comparing(
                    pick -> !pick.member().deployment().provider().equals(keeper)));
        }
    }

    private static List<Plan.Step> steps(List<Pick> picks) {
        List<Plan.Step> steps = new ArrayList<>(picks.size());
        for (int i = 0; i < picks.size(); i++) {
            Member member = picks.get(i).member();
            steps.add(new Plan.Step(member.deployment(), member.state(), 0));
        }
        return steps;
    }
}
