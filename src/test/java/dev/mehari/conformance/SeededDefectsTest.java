package dev.mehari.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.conformance.Plan.GatewayPlan;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tool finds what is wrong with a server, names it, and finds nothing else. */
class SeededDefectsTest {
    private static final GatewayPlan NO_KEYS = new GatewayPlan(null, null, null, null, null);

    static Outcome check(FlawedServer server) throws Unreachable {
        Target target = Target.of(server.url(), FlawedServer.MODEL, FlawedServer.KEY);
        Plan plan = new Plan(target, null, Duration.ofSeconds(30), 0, Set.of(), null, NO_KEYS, false);
        return new ConformanceRun(plan, line -> {}).run();
    }

    @ParameterizedTest
    @EnumSource
    void aFlawBreaksTheDemandsThatItBreaksAndNoOthers(Flaw flaw) throws Unreachable {
        try (FlawedServer server = new FlawedServer(flaw)) {
            Outcome outcome = check(server);
            List<Finding> broken =
                    outcome.findings().stream().filter(Finding::broken).toList();
            assertThat(broken)
                    .extracting(finding -> finding.demand().id())
                    .as(broken.toString())
                    .containsExactlyInAnyOrderElementsOf(flaw.breaks());
        }
    }

    @Test
    void ofASoundServerNothingThatItHasIsLeftUnlooked() throws Unreachable {
        try (FlawedServer server = new FlawedServer(Flaw.NONE)) {
            assertThat(check(server).findings())
                    .filteredOn(finding -> !(finding.verdict() instanceof Verdict.Kept))
                    .extracting(finding -> finding.demand().group())
                    .containsOnly("embeddings", "responses", "messages", "gateway", "cache", "group", "limits");
        }
    }
}
