package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final int DRAWS = 20_000;
    private static final Deployment HEAVY = new Deployment("a", "m", 6, 1);
    private static final Deployment LIGHT = new Deployment("b", "m", 3, 1);
    private static final Deployment RARE = new Deployment("c", "m", 1, 1);
    private static final Deployment SECOND = new Deployment("d", "m", 100, 2);
    private static final Deployment THIRD = new Deployment("e", "m", 1, 7);

    private final Planner planner = new Planner(new Random(20261121));

    @Test
    void theFirstIsDrawnByWeight() {
        Map<Deployment, Integer> first = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            first.merge(planner.plan(List.of(HEAVY, LIGHT, RARE, SECOND)).getFirst(), 1, Integer::sum);
        }
        assertThat(share(first, HEAVY)).isCloseTo(0.6, within(0.02));
        assertThat(share(first, LIGHT)).isCloseTo(0.3, within(0.02));
        assertThat(share(first, RARE)).isCloseTo(0.1, within(0.02));
    }

    @Test
    void theNextIsDrawnByWeightAmongTheRest() {
        Map<Deployment, Integer> second = new HashMap<>();
        AtomicInteger heavyFirst = new AtomicInteger();
        for (int i = 0; i < DRAWS; i++) {
            List<Deployment> plan = planner.plan(List.of(HEAVY, LIGHT, RARE));
            if (plan.getFirst().equals(HEAVY)) {
                heavyFirst.incrementAndGet();
                second.merge(plan.get(1), 1, Integer::sum);
            }
        }
        assertThat((double) second.get(LIGHT) / heavyFirst.get()).isCloseTo(0.75, within(0.02));
    }

    @Test
    void aPlanHoldsEveryDeploymentOnceByPriority() {
        for (int i = 0; i < 1000; i++) {
            List<Deployment> plan = planner.plan(List.of(THIRD, RARE, SECOND, HEAVY, LIGHT));
            assertThat(plan.subList(0, 3)).containsExactlyInAnyOrder(HEAVY, LIGHT, RARE);
            assertThat(plan.subList(3, 5)).containsExactly(SECOND, THIRD);
        }
    }

    @Test
    void twoOfTheSameKindAreTwo() {
        assertThat(planner.plan(List.of(RARE, RARE))).containsExactly(RARE, RARE);
        assertThat(planner.plan(List.of(RARE))).containsExactly(RARE);
    }

    @Test
    void hugeWeightsDoNotOverflow() {
        Deployment huge = new Deployment("h", "m", Integer.MAX_VALUE, 1);
        assertThat(planner.plan(List.of(huge, huge, RARE))).hasSize(3);
    }

    private static double share(Map<Deployment, Integer> counts, Deployment deployment) {
        return counts.getOrDefault(deployment, 0) / (double) DRAWS;
    }
}
