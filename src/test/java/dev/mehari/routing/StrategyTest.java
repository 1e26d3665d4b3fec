package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StrategyTest {
    private static final Deployment A = Deployment.of("a", "m", 1, 1);
    private static final Deployment B = Deployment.of("b", "m", 1, 1);
    private static final Deployment C = Deployment.of("c", "m", 2, 1);

    private final Fleet fleet = new Fleet();
    private final Random random = new Random(20261121);

    private void firstTokenAfter(Deployment deployment, int millis) {
        fleet.state(deployment).stats().firstToken(millis * 1_000_000L);
    }

    @Test
    void ofTwoTheFasterToItsFirstTokenServes() {
        ModelGroup group = fleet.group(new LeastLatency(random), A, B);
        firstTokenAfter(A, 300);
        firstTokenAfter(B, 100);
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("b/m");
        for (int i = 0; i < 10; i++) {
            firstTokenAfter(B, 900);
        }
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("a/m");
    }

    @Test
    void theSlowestOfThreeNeverServesAndTheFastestNotAlone() {
        ModelGroup group = fleet.group(new LeastLatency(random), A, B, Deployment.of("d", "m", 1, 1));
        firstTokenAfter(A, 100);
        firstTokenAfter(B, 200);
        fleet.deployments.all().get("d/m").stats().firstToken(300_000_000L);
        Map<String, Integer> firsts = fleet.firsts(group, 3000);
        assertThat(firsts).containsOnlyKeys("a/m", "b/m");
        assertThat(firsts.get("a/m")).isCloseTo(2000, within(150));
    }

    @Test
    void whatWasNotMeasuredYetIsTriedAndWhatWasSlowOnceIsTriedAgain() {
        ModelGroup group = fleet.group(new LeastLatency(random), A, B);
        firstTokenAfter(A, 100);
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("b/m");
        firstTokenAfter(B, 800);
        assertThat(fleet.firsts(group, 100)).containsOnlyKeys("a/m");
        fleet.pass(Duration.ofSeconds(91));
        firstTokenAfter(A, 100);
        assertThat(fleet.firsts(group, 100))
                .as("three half-lives made 99 of 800")
                .containsOnlyKeys("b/m");
    }

    @Test
    void wholeAnswersGoByTheirOwnTime() {
        ModelGroup group = fleet.group(new LeastLatency(random), A, B);
        firstTokenAfter(A, 100);
        firstTokenAfter(B, 200);
        fleet.state(A).stats().sent();
        fleet.state(A).stats().succeeded(9_000_000_000L, false);
        fleet.state(B).stats().sent();
        fleet.state(B).stats().succeeded(2_000_000_000L, false);
        Needs whole = new Needs(10, 0, false, false, false, null);
        assertThat(fleet.tried(group, whole)).containsExactly("b/m", "a/m");
        assertThat(fleet.tried(group)).containsExactly("a/m", "b/m");
    }

    @Test
    void theLeastBusyForItsWeightServes() {
        ModelGroup group = fleet.group(new LeastBusy(random), A, B, C);
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            String first = fleet.first(group);
            served.merge(first, 1, Integer::sum);
            fleet.deployments.all().get(first).stats().sent();
        }
        assertThat(served.get("a/m")).isEqualTo(100);
        assertThat(served.get("b/m")).isEqualTo(100);
        assertThat(served.get("c/m")).isEqualTo(200);
        fleet.deployments.all().get("b/m").stats().failed(FailureClass.CLIENT_GONE, true);
        fleet.deployments.all().get("b/m").stats().failed(FailureClass.CLIENT_GONE, true);
        assertThat(fleet.first(group)).isEqualTo("b/m");
    }

    private ModelGroup sticky(Deployment... members) {
        return fleet.group(new Sticky(new Weighted(random)), members);
    }

    private static Needs session(int number) {
        return new Needs(10, 0, false, false, true, "session-" + number);
    }

    @Test
    void aSessionStaysAtItsDeploymentWhateverTheReplica() {
        for (int i = 0; i < 100; i++) {
            List<String> order = fleet.tried(sticky(A, B, C), session(i));
            assertThat(fleet.tried(sticky(C, A, B), session(i))).isEqualTo(order);
        }
    }

    @Test
    void sessionsAreSpreadByWeight() {
        Map<String, Integer> firsts = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            firsts.merge(fleet.tried(sticky(A, B, C), session(i)).getFirst(), 1, Integer::sum);
        }
        assertThat(firsts.get("a/m")).isCloseTo(2500, within(130));
        assertThat(firsts.get("c/m")).isCloseTo(5000, within(150));
    }

    @Test
    void whenADeploymentGoesOnlyItsOwnSessionsMove() {
        for (int i = 0; i < 1000; i++) {
            List<String> all = fleet.tried(sticky(A, B, C), session(i));
            List<String> without = fleet.tried(sticky(A, C), session(i));
            assertThat(without)
                    .isEqualTo(all.stream().filter(name -> !name.equals("b/m")).toList());
        }
    }

    @Test
    void callsWithoutASessionGoByWeight() {
        assertThat(fleet.firsts(sticky(A, C), 300).get("c/m")).isCloseTo(200, within(3));
    }
}
