package dev.mehari.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.scale.Load.Call;
import dev.mehari.scale.Namespaces.Side;
import dev.mehari.testing.Eventually;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gateways on hosts of their own, whose links are cut without a word and mended. */
class PartitionScaleTest {
    private static Namespaces hosts;
    private static Replicas gateways;

    @BeforeAll
    static void start() {
        hosts = new Namespaces();
        gateways = new Replicas(hosts, "mehari: {redis: {timeout: 50ms}}\n");
    }

    @AfterAll
    static void stop() {
        if (gateways != null) {
            gateways.close();
        }
    }

    @Test
    void aGatewayCutOffFromItsStoresServesByItselfAndSharesAgain() {
        cutOff(List.of(1), "One of three cut off from Redis and PostgreSQL");
    }

    @Test
    void gatewaysCutOffFromEachOtherServeByThemselvesAndShareAgain() {
        cutOff(List.of(0, 1, 2), "All three cut off from each other, Redis and PostgreSQL");
    }

    private static void cutOff(List<Integer> which, String what) {
        Replicas.all().forEach(gateways::awaitShared);
        String key = gateways.doors().issue(0, "{\"name\":\"busy\",\"rpm\":1000000}");
        try (Load load = new Load(gateways.balancer().url(), key, 50)) {
            await(load, 200);
            which.forEach(gateway -> hosts.cut(gateway, Side.STORES));
            which.forEach(gateways::awaitAlone);
            // Past the time-outs of the database's sockets.
            await(load, 600);
            Replicas.all()
                    .filter(gateway -> !which.contains(gateway))
                    .forEach(gateway -> assertThat(gateways.isShared(gateway)).isTrue());
            which.forEach(gateway -> hosts.heal(gateway, Side.STORES));
            long mended = System.nanoTime();
            which.forEach(gateways::awaitShared);
            long recovered = System.nanoTime();
            await(load, 100);
            List<Call> calls = load.finish();
            Map<String, Object> told = new LinkedHashMap<>(Load.figures(calls));
            told.put("shared by all again after, ms", (recovered - mended) / 1_000_000);
            told.put("exact again", StoreLossScaleTest.limitIsExact(gateways));
            ScaleReport.add(what + ", at 50 calls a second", told);
            assertThat(Load.failed(calls)).as(Load.reasons(calls)).isEmpty();
            assertThat(told).containsEntry("exact again", true);
        }
    }

    @Test
    void aGatewayCutOffFromItsClientsIsPassedByAndLosesNothing() {
        try (Load load = new Load(gateways.balancer().url(), Replicas.KEY, 50)) {
            await(load, 200);
            hosts.cut(2, Side.CLIENTS);
            await(load, 200);
            hosts.heal(2, Side.CLIENTS);
            Eventually.holds(
                    Replicas.SOON,
                    "it can be reached",
                    () -> gateways.doors().status("GET", 2, "/health/ready", null) == 200);
            await(load, 200);
            List<Call> calls = load.finish();
            long there = gateways.balancer().served().values().stream()
                    .filter(gateways.address(2)::equals)
                    .count();
            Map<String, Object> told = new LinkedHashMap<>(Load.figures(calls));
            told.put("served by the one that was cut off, before and after", there);
            ScaleReport.add("One of three cut off from the load balancer, at 50 calls a second", told);
            assertThat(Load.failed(calls)).as(Load.reasons(calls)).isEmpty();
        }
    }

    private static void await(Load load, int more) {
        int before = load.done();
        Eventually.holds(Replicas.SOON, more + " calls more", () -> load.done() >= before + more);
    }
}
