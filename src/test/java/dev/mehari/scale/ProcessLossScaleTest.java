package dev.mehari.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.scale.Load.Call;
import dev.mehari.testing.Eventually;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gateways that die, and gateways that are replaced, under load. */
class ProcessLossScaleTest {
    private static final String SETTINGS = """
            mehari:
              redis: {timeout: 10s}
              shutdown: {delay: 2s}
            """;

    private static Replicas gateways;

    @BeforeAll
    static void start() {
        gateways = new Replicas(Hosts.here(), SETTINGS);
    }

    @AfterAll
    static void stop() {
        if (gateways != null) {
            gateways.close();
        }
    }

    @Test
    void onlyTheCallsInFlightAtAKilledGatewayFail() {
        try (Load load = new Load(gateways.balancer().url(), Replicas.KEY, 100)) {
            Eventually.holds(
                    Replicas.SOON,
                    "streams are open at all of them",
                    () -> load.done() > 500 && Replicas.all().allMatch(gateway -> inFlight(gateway) >= 5));
            long before = System.nanoTime();
            gateways.process(1).close();
            assertThat(gateways.process(1).exitCode()).isEqualTo(137);
            int done = load.done();
            Eventually.holds(Replicas.SOON, "the others go on", () -> load.done() > done + 1000);
            gateways.start(1);
            gateways.awaitReady(1);
            gateways.awaitShared(1);
            List<Call> calls = load.finish();

            Map<String, String> served = gateways.balancer().served();
            List<Call> failed = Load.failed(calls);
            long broken = gateways.balancer().brokenAt(gateways.address(1));
            Map<String, Object> told = new LinkedHashMap<>(Load.figures(calls));
            told.put("connections to the killed gateway that broke in the middle of a call", broken);
            told.put("in flight elsewhere then", elsewhere(calls, served, before));
            ScaleReport.add("One of three killed (SIGKILL) at 100 calls a second", told);
            assertThat(failed).as(Load.reasons(calls)).allSatisfy(call -> {
                assertThat(served.get(call.id())).isEqualTo(gateways.address(1));
                assertThat(call.endedNanos()).isGreaterThan(before);
            });
            // Each of them, and no other: what was cut was not taken for whole.
            assertThat(failed).hasSizeGreaterThanOrEqualTo(5).hasSize((int) broken);
        }
    }

    private static long elsewhere(List<Call> calls, Map<String, String> served, long then) {
        return calls.stream()
                .filter(call -> call.isUnderWayAt(then) && !gateways.address(1).equals(served.get(call.id())))
                .count();
    }

    private static long inFlight(int gateway) {
        return gateways.doors().stats(gateway).at("/gateway/in_flight").asLong();
    }

    @Test
    void aRollingRestartLosesNoCall() {
        try (Load load = new Load(gateways.balancer().url(), Replicas.KEY, 200)) {
            Eventually.holds(Replicas.SOON, "streams are open at all of them", () -> Replicas.all()
                    .allMatch(gateway -> inFlight(gateway) >= 5));
            for (int gateway = 0; gateway < Replicas.COUNT; gateway++) {
                gateways.balancer().use(gateways.without(gateway));
                gateways.process(gateway).terminate();
                assertThat(gateways.process(gateway).exitCode()).isEqualTo(143);
                assertThat(gateways.process(gateway).output()).doesNotContain("still open");
                gateways.start(gateway);
                gateways.awaitReady(gateway);
                gateways.balancer().use(gateways.addresses());
                int at = gateway;
                Eventually.holds(Replicas.SOON, "it serves again", () -> inFlight(at) > 0);
            }
            List<Call> calls = load.finish();
            ScaleReport.add("All three replaced, one after the other, at 200 calls a second", Load.figures(calls));
            assertThat(Load.failed(calls)).as(Load.reasons(calls)).isEmpty();
        }
    }
}
