package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.routing.DeploymentLedger.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final int PLANS = 10_000;
    private static final Deployment HEAVY = Deployment.of("a", "m", 6, 1);
    private static final Deployment LIGHT = Deployment.of("b", "m", 3, 1);
    private static final Deployment RARE = Deployment.of("c", "m", 1, 1);
    private static final Deployment SECOND = Deployment.of("d", "m", 100, 2);
    private static final Deployment THIRD = Deployment.of("e", "m", 1, 7);

    private final Fleet fleet = new Fleet();

    @Test
    void tenThousandCallsAreSpreadByWeightWithinAPercent() {
        Map<String, Integer> firsts = fleet.firsts(fleet.group(HEAVY, LIGHT, RARE, SECOND), PLANS);
        assertThat(firsts.get("a/m")).isCloseTo(6000, within(60));
        assertThat(firsts.get("b/m")).isCloseTo(3000, within(30));
        assertThat(firsts.get("c/m")).isCloseTo(1000, within(10));
        assertThat(firsts).hasSize(3);
    }

    @Test
    void alsoAFewCallsAreSpreadByWeight() {
        ModelGroup group = fleet.group(HEAVY, LIGHT, RARE);
        for (int run = 0; run < 100; run++) {
            assertThat(fleet.firsts(group, 20).get("a/m")).isBetween(11, 13);
        }
    }

    @Test
    void whenOneIsOutTheOthersKeepTheirProportion() {
        fleet.state(HEAVY).health().leaveOut(fleet.instant().plusSeconds(60));
        Map<String, Integer> firsts = fleet.firsts(fleet.group(HEAVY, LIGHT, RARE), PLANS);
        assertThat(firsts.get("b/m")).isCloseTo(7500, within(75));
        assertThat(firsts.get("c/m")).isCloseTo(2500, within(75));
    }

    @Test
    void theNextIsDrawnByWeightAmongTheRest() {
        ModelGroup group = fleet.group(HEAVY, LIGHT, RARE);
        int heavyFirst = 0;
        int lightSecond = 0;
        for (int i = 0; i < PLANS; i++) {
            List<String> tried = fleet.tried(group);
            if (tried.getFirst().equals("a/m")) {
                heavyFirst++;
                lightSecond += tried.get(1).equals("b/m") ? 1 : 0;
            }
        }
        assertThat((double) lightSecond / heavyFirst).isCloseTo(0.75, within(0.02));
    }

    @Test
    void aPlanHoldsEveryDeploymentOnceByPriority() {
        ModelGroup group = fleet.group(THIRD, RARE, SECOND, HEAVY, LIGHT);
        for (int i = 0; i < 1000; i++) {
            List<String> tried = fleet.tried(group);
            assertThat(tried.subList(0, 3)).containsExactlyInAnyOrder("a/m", "b/m", "c/m");
            assertThat(tried.subList(3, 5)).containsExactly("d/m", "e/m");
        }
    }

    @Test
    void hugeWeightsDoNotOverflow() {
        Deployment huge = Deployment.of("h", "m", Integer.MAX_VALUE, 1);
        Deployment alsoHuge = Deployment.of("i", "m", Integer.MAX_VALUE, 1);
        Map<String, Integer> firsts = fleet.firsts(fleet.group(huge, alsoHuge, RARE), 1000);
        assertThat(firsts.get("h/m")).isCloseTo(500, within(10));
        assertThat(firsts.get("i/m")).isCloseTo(500, within(10));
    }

    @Test
    void theOnesThatCoolDownAreLeftOutAndTheOneDueFirstIsTheLastResort() {
        fleet.state(HEAVY).health().leaveOut(fleet.instant().plusSeconds(9));
        fleet.state(LIGHT).health().leaveOut(fleet.instant().plusSeconds(5));
        assertThat(fleet.tried(fleet.group(HEAVY, LIGHT, RARE, SECOND))).containsExactly("c/m", "d/m", "b/m");
    }

    @Test
    void whenAllAreOutOnlyTheOneDueFirstIsTried() {
        fleet.state(HEAVY).health().leaveOut(fleet.instant().plusSeconds(9));
        fleet.state(LIGHT).health().leaveOut(fleet.instant().plusSeconds(5));
        Plan plan = fleet.planner.plan(fleet.group(HEAVY, LIGHT), Fleet.ANY);
        assertThat(plan.candidates()).containsExactly(new DeploymentLedger.Candidate("b/m", Limits.NONE, true));
        plan.take("b/m");
        assertThat(plan.hasMore()).isFalse();
        assertThat(plan.candidates()).isEmpty();
    }

    @Test
    void whoeverWasLeftOutMeanwhileIsNotTried() {
        Plan plan = fleet.planner.plan(fleet.group(HEAVY, SECOND, THIRD), Fleet.ANY);
        plan.take("a/m");
        fleet.state(SECOND).health().leaveOut(fleet.instant().plusSeconds(5));
        assertThat(plan.candidates()).containsExactly(new DeploymentLedger.Candidate("e/m", Limits.NONE, false));
    }

    @Test
    void anOpenCircuitBreakerCountsAsUnavailable() {
        fleet.shut.put("a", fleet.instant().plusSeconds(15));
        assertThat(fleet.tried(fleet.group(HEAVY, SECOND))).containsExactly("d/m", "a/m");
        fleet.pass(Duration.ofSeconds(15));
        assertThat(fleet.tried(fleet.group(HEAVY, SECOND))).containsExactly("a/m", "d/m");
    }

    @Test
    void whoeverHasNothingLeftUpstreamWaitsForItsReset() {
        Instant reset = fleet.instant().plusSeconds(20);
        fleet.state(HEAVY).told(new DeploymentState.Allowance(0L, reset, 5000L, reset));
        fleet.state(LIGHT).told(new DeploymentState.Allowance(7L, reset, 0L, reset.plusSeconds(10)));
        assertThat(fleet.first(fleet.group(HEAVY, LIGHT, SECOND))).isEqualTo("d/m");
        fleet.pass(Duration.ofSeconds(20));
        assertThat(fleet.first(fleet.group(HEAVY, LIGHT, SECOND))).isEqualTo("a/m");
        fleet.pass(Duration.ofSeconds(10));
        assertThat(fleet.firsts(fleet.group(HEAVY, LIGHT, SECOND), 100)).containsKeys("a/m", "b/m");
    }

    @Test
    void aProviderWithoutAKeyIsPassedOver() {
        fleet.unavailable.add("a");
        assertThat(fleet.tried(fleet.group(HEAVY, SECOND))).containsExactly("d/m");
    }

    private static Deployment able(String provider, Abilities abilities) {
        return new Deployment(provider + "/m", provider, "m", 1, 1, Limits.NONE, abilities);
    }

    @Test
    void whoeverCannotServeTheRequestIsNotAsked() {
        Deployment small = able("small", new Abilities(1000, null, null));
        Deployment blind = able("blind", new Abilities(null, false, null));
        Deployment plain = able("plain", new Abilities(null, null, false));
        ModelGroup group = fleet.group(small, blind, plain);
        Needs longPrompt = new Needs(1001, 0, false, false, false, null);
        Needs images = new Needs(1000, 50_000, false, true, false, null);
        Needs tools = new Needs(10, 0, true, false, false, null);
        assertThat(fleet.tried(group, longPrompt)).containsExactlyInAnyOrder("blind/m", "plain/m");
        assertThat(fleet.tried(group, images)).containsExactlyInAnyOrder("small/m", "plain/m");
        assertThat(fleet.tried(group, tools)).containsExactlyInAnyOrder("small/m", "blind/m");
    }

    @Test
    void aRequestThatNobodyCanServeIsRefusedWithTheReason() {
        Deployment small = able("small", new Abilities(1000, false, null));
        Deployment larger = able("larger", new Abilities(2000, false, false));
        assertThatThrownBy(() -> fleet.tried(fleet.group(small, larger), new Needs(2500, 0, false, false, false, null)))
                .isInstanceOf(ContextTooLong.class)
                .hasMessageContaining("about 2500 tokens; the longest takes 2000");
        assertThatThrownBy(() -> fleet.tried(fleet.group(small, larger), new Needs(1, 0, false, true, false, null)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("none of its deployments takes images");
        assertThatThrownBy(() -> fleet.tried(fleet.group(larger), new Needs(1, 0, true, false, false, null)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("none of its deployments takes tools");
        assertThatThrownBy(() -> fleet.tried(fleet.group(small, larger), new Needs(1500, 0, true, false, false, null)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("together: tools, a prompt of about 1500 tokens");
    }
}
