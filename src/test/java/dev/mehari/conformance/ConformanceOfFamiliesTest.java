package dev.mehari.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.conformance.Plan.Door;
import dev.mehari.conformance.Plan.GatewayPlan;
import dev.mehari.testing.family.ConformanceFamilies;
import dev.mehari.testing.family.Family;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever provider is behind the gateway, its clients see the same conforming endpoint. */
class ConformanceOfFamiliesTest {
    /** Of what cannot be seen of fakes that answer at once and have no embeddings; the gateway's own cases are elsewhere. */
    private static final Set<String> UNSEEN = Set.of(
            "stream.flushed",
            "embeddings.vectors",
            "embeddings.base64",
            "embeddings.usage",
            "gateway.cancel",
            "gateway.admin",
            "cache.hit",
            "cache.same",
            "cache.replay",
            "cache.bypass",
            "group.balance",
            "group.failover",
            "group.failover-stream",
            "limits.refused",
            "limits.countdown");

    private static ConformanceFamilies families;

    @BeforeAll
    static void start() {
        families = new ConformanceFamilies();
    }

    @AfterAll
    static void stop() {
        families.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyDemandIsKept(Family family) throws Unreachable {
        Target target = Target.of(families.gateway().url() + "/v1", family.model(), ConformanceFamilies.KEY);
        GatewayPlan options = new GatewayPlan(null, null, null, null, null);
        Set<Door> demanded = EnumSet.of(Door.MODELS, Door.RESPONSES, Door.MESSAGES);
        Plan plan = new Plan(target, null, Duration.ofSeconds(60), 0, demanded, null, options, true);
        Outcome outcome = new ConformanceRun(plan, line -> {}).run();
        assertThat(outcome.findings())
                .filteredOn(finding -> !UNSEEN.contains(finding.demand().id()))
                .filteredOn(finding -> !(finding.verdict() instanceof Verdict.Kept))
                .isEmpty();
        assertThat(outcome.problems()).isZero();
    }
}
