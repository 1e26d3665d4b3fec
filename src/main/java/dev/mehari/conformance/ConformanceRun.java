package dev.mehari.conformance;

import dev.mehari.conformance.Plan.GatewayPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of all cases that a plan wants, one request at a time. Not thread-safe. */
public final class ConformanceRun {
    private final Plan plan;
    private final Consumer<String> progress;

    /** @param progress is told what is done now, a line each */
    public ConformanceRun(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** @throws Unreachable the endpoint, or the reference, cannot be checked at all */
    public Outcome run() throws Unreachable {
        try (Endpoint endpoint = new Endpoint(plan.target(), plan.timeout())) {
            progress.accept("is there an endpoint? " + plan.target().base());
            Probe.ask(endpoint);
            Target reference = plan.reference();
            return reference == null ? check(endpoint, List.of()) : check(endpoint, compare(endpoint, reference));
        }
    }

    private List<Difference> compare(Endpoint endpoint, Target reference) throws Unreachable {
        try (Endpoint other = new Endpoint(reference, plan.timeout())) {
            progress.accept("comparing with " + reference.base());
            Probe.ask(other);
            return new Comparison(endpoint, other).compare();
        }
    }

    private Outcome check(Endpoint endpoint, List<Difference> differences) {
        Sheet sheet = new Sheet();
        List<Cases> groups = groups(plan.gateway());
        groups.forEach(group -> sheet.expect(group.demands()));
        Session session = new Session(plan, endpoint, new Prompts(plan.target().model()), sheet);
        for (int i = 0; i < groups.size(); i++) {
            progress.accept((i + 1) + "/" + groups.size() + " " + groups.get(i).title());
            groups.get(i).check(session);
        }
        return new Outcome(plan, sheet.findings(plan::masked), measure(endpoint), differences);
    }

    private @Nullable Measurement measure(Endpoint endpoint) {
        return plan.runs() == 0
                ? null
                : Measurement.take(
                        endpoint, plan.runs(), run -> progress.accept("measuring " + run + "/" + plan.runs()));
    }

    /** @param gateway null: without what only a gateway has */
    static List<Cases> groups(@Nullable GatewayPlan gateway) {
        List<Cases> groups = new ArrayList<>(List.of(
                new PlainCases(),
                new StreamCases(),
                new ToolCases(),
                new ToolStreamCases(),
                new TextCases(),
                new ErrorCases(),
                new DoorCases(),
                new ResponsesCases(),
                new MessagesCases()));
        if (gateway != null) {
            groups.add(new GatewayCases(gateway));
            groups.add(new CacheCases(gateway));
            groups.add(new GroupCases(gateway));
        }
        return groups;
    }
}
