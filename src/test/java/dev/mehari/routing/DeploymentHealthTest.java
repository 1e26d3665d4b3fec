package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.BudgetExceeded;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From the first failure to full traffic again, under a clock that the test moves. */
class DeploymentHealthTest {
    private static final GatewayException ILL = new UpstreamUnavailable(502, "ill", null);
    private static final Deployment A = Deployment.of("a", "m", 1, 1);
    private static final Deployment B = Deployment.of("b", "m", 1, 1);

    private final Fleet fleet = new Fleet();
    private final DeploymentState state = fleet.state(A);
    private final DeploymentHealth health = state.health();

    private static GatewayException limited(Duration retryAfter) {
        return new RateLimited("requests", "slow down", retryAfter);
    }

    private Trial begin() {
        Trial trial = state.begin(false);
        assertThat(trial).isNotNull();
        trial.sent();
        return trial;
    }

    private void fail(GatewayException failure) {
        begin().failed(failure);
    }

    private void succeed() {
        Trial trial = begin();
        trial.answers(true);
        trial.succeeded(true);
    }

    private void isOutFor(Duration time) {
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.COOLING);
        assertThat(health.coolUntil()).isEqualTo(fleet.instant().plus(time));
    }

    @Test
    void threeFailuresInARowAreEnough() {
        fail(ILL);
        fail(ILL);
        succeed();
        fail(ILL);
        fail(ILL);
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HEALTHY);
        fail(ILL);
        isOutFor(Duration.ofSeconds(5));
    }

    @Test
    void halfOfManyFailingIsEnough() {
        int attempts = 0;
        while (health.state() == DeploymentHealth.State.HEALTHY && attempts < 100) {
            succeed();
            fail(ILL);
            fail(ILL);
            attempts += 3;
        }
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.COOLING);
        assertThat(attempts).isBetween(10, 30);
    }

    @Test
    void aFewFailuresAmongManyAreNothing() {
        for (int i = 0; i < 200; i++) {
            succeed();
            succeed();
            fail(ILL);
        }
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HEALTHY);
        assertThat(health.errorRate()).isCloseTo(0.33, within(0.1));
    }

    @Test
    void theCallersFaultAndADepartedClientAreNothing() {
        for (int i = 0; i < 50; i++) {
            fail(new InvalidRequest(null, "wrong"));
            fail(new ClientGone());
        }
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HEALTHY);
        assertThat(health.errorRate()).isZero();
        assertThat(state.stats().failures()).isEqualTo(Map.of("caller_fault", 50L, "client_gone", 50L));
    }

    @Test
    void oneRateLimitIsEnoughAndLastsAsLongAsUpstreamSays() {
        fail(limited(Duration.ofSeconds(42)));
        isOutFor(Duration.ofSeconds(42));
    }

    @Test
    void withoutARetryAfterARateLimitLastsAsAFailure() {
        fail(limited(null));
        isOutFor(Duration.ofSeconds(5));
    }

    @Test
    void aRefusalLastsLonger() {
        fail(new BudgetExceeded("no money"));
        isOutFor(Duration.ofMinutes(1));
    }

    @Test
    void noOneIsLeftOutForLongerThanTheLongest() {
        fail(limited(Duration.ofDays(3)));
        isOutFor(Duration.ofMinutes(10));
    }

    @Test
    void aLaterDeadlineWinsAndAnEarlierOneChangesNothing() {
        Trial first = begin();
        Trial second = begin();
        Trial third = begin();
        first.failed(limited(Duration.ofSeconds(30)));
        second.failed(limited(Duration.ofSeconds(10)));
        isOutFor(Duration.ofSeconds(30));
        third.failed(limited(Duration.ofSeconds(50)));
        isOutFor(Duration.ofSeconds(50));
    }

    @Test
    void manyThatFailTogetherCountAsOneEviction() {
        List<Trial> together = IntStream.range(0, 20).mapToObj(i -> begin()).toList();
        together.forEach(trial -> trial.failed(ILL));
        isOutFor(Duration.ofSeconds(5));
        assertThat(state.stats().evictions()).isEqualTo(1);
    }

    @Test
    void oneProbeGoesOutAndTheOthersGoElsewhere() {
        ModelGroup group = fleet.group(A, B);
        fail(limited(Duration.ofSeconds(30)));
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("b/m");
        fleet.pass(Duration.ofSeconds(30));
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HALF_OPEN);
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("a/m", "b/m");
        begin();
        assertThat(state.begin(false)).isNull();
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("b/m");
    }

    @Test
    void aProbeThatFailsDoublesTheTimeUntilTheLongest() {
        for (int i = 0; i < 3; i++) {
            fail(ILL);
        }
        for (long seconds : new long[] {5, 10, 20, 40, 80, 160, 320, 600, 600}) {
            isOutFor(Duration.ofSeconds(seconds));
            fleet.pass(Duration.ofSeconds(seconds));
            fail(ILL);
        }
    }

    @Test
    void aProbeThatTellsNothingLetsTheNextOneOut() {
        fail(limited(Duration.ofSeconds(5)));
        fleet.pass(Duration.ofSeconds(5));
        begin().failed(new ClientGone());
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HALF_OPEN);
        Trial unsent = state.begin(false);
        unsent.failed(UpstreamUnavailable.circuitOpen("a", null));
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HALF_OPEN);
        succeed();
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.RECOVERING);
    }

    @Test
    void trafficReturnsFromATenthToAll() {
        ModelGroup group = fleet.group(A, B);
        fail(limited(Duration.ofSeconds(5)));
        fleet.pass(Duration.ofSeconds(5));
        begin().answers(true);
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.RECOVERING);
        shareIs(group, 0.1);
        fleet.pass(Duration.ofSeconds(15));
        shareIs(group, 0.5);
        fleet.pass(Duration.ofSeconds(15));
        shareIs(group, 1);
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HEALTHY);
    }

    /** @param weight of one deployment, beside another of weight 1 */
    private void shareIs(ModelGroup group, double weight) {
        Map<String, Integer> firsts = fleet.firsts(group, 10_000);
        assertThat(firsts.get("a/m") / 10_000.0).isCloseTo(weight / (1 + weight), within(0.01));
    }

    @Test
    void afterARecoveryTheCountBeginsAnew() {
        fail(limited(null));
        fleet.pass(Duration.ofSeconds(5));
        fail(limited(null));
        isOutFor(Duration.ofSeconds(10));
        fleet.pass(Duration.ofSeconds(10));
        succeed();
        fleet.pass(Duration.ofSeconds(30));
        succeed();
        fail(limited(null));
        isOutFor(Duration.ofSeconds(5));
    }

    @Test
    void aLastResortThatAnswersEndsTheCooldown() {
        fail(limited(Duration.ofMinutes(5)));
        assertThat(state.begin(false)).isNull();
        Trial lastResort = state.begin(true);
        lastResort.sent();
        assertThat(lastResort.answers(false)).isTrue();
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.RECOVERING);
    }

    @Test
    void anAnswerToACallFromBeforeDoesNot() {
        Trial before = begin();
        fail(limited(Duration.ofMinutes(5)));
        assertThat(before.answers(true)).isFalse();
        before.succeeded(true);
        isOutFor(Duration.ofMinutes(5));
    }

    @Test
    void anEndCountsOnceWhoeverTellsItFirst() {
        Trial trial = begin();
        trial.answers(true);
        assertThat(trial.failed(ILL)).isInstanceOf(Trial.Verdict.Counted.class);
        assertThat(trial.failed(ILL)).isInstanceOf(Trial.Verdict.Known.class);
        assertThat(trial.succeeded(true)).isFalse();
        assertThat(state.stats().inFlight()).isZero();
        assertThat(state.stats().failures()).containsEntry("transient", 1L);
        assertThat(state.stats().successes()).isZero();
    }

    @Test
    void whatFailsOnTheWayToItsProviderCountsAndAnOpenBreakerDoesNot() {
        for (int i = 0; i < 5; i++) {
            state.begin(false).failed(UpstreamUnavailable.circuitOpen("a", Duration.ofSeconds(9)));
            state.begin(false).failed(new InvalidRequest("logprobs", "not here"));
        }
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HEALTHY);
        assertThat(state.stats().failures()).isEmpty();
        state.begin(false).failed(new UpstreamRefusedUs("a"));
        isOutFor(Duration.ofMinutes(1));
        assertThat(state.stats().failures()).containsEntry("credential", 1L);
        assertThat(state.stats().inFlight()).isZero();
    }

    @Test
    void whatWasGivenUpBeforeItWasSentIsNotInFlight() {
        Trial trial = state.begin(false);
        trial.failed(new ClientGone());
        trial.sent();
        assertThat(trial.wasSent()).isFalse();
        assertThat(state.stats().inFlight()).isZero();
        assertThat(state.stats().attempts()).isZero();
    }

    @Test
    void coolingDownCanBeTurnedOff() {
        Cooldown off = new Cooldown(
                1, 0.5, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(30));
        Fleet stoic = new Fleet(off);
        Trial trial = stoic.state(A).begin(false);
        trial.sent();
        assertThat(trial.failed(limited(Duration.ofSeconds(9)))).isEqualTo(new Trial.Verdict.Counted(null));
        assertThat(stoic.state(A).health().state()).isEqualTo(DeploymentHealth.State.HEALTHY);
    }

    @Test
    void whatAnotherReplicaLearntCountsHere() {
        Instant until = fleet.instant().plusSeconds(20);
        assertThat(health.leaveOut(until)).isTrue();
        assertThat(health.leaveOut(until.minusSeconds(5))).isFalse();
        isOutFor(Duration.ofSeconds(20));
    }
}
