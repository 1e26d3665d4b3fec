package dev.mehari.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.scale.Load.Call;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis and PostgreSQL that go, hang and crawl under load, with the time-outs that are shipped. */
class StoreLossScaleTest {
    private static final String SETTINGS = """
            mehari:
              redis: {timeout: 50ms}
            """;

    private static final String ONE = Load.body("demo-delay-0", false, "hello");

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
    void noCallIsLostWhileRedisIsRestarted() {
        lossOfRedis("Redis killed and restarted", () -> gateways.redis().kill(), () -> gateways.redis()
                .restart());
    }

    @Test
    void noCallIsLostWhileRedisHangs() {
        lossOfRedis("Redis hanging (SIGSTOP)", () -> gateways.redis().hang(), () -> gateways.redis()
                .goOn());
    }

    @Test
    void noCallIsLostWhileRedisIsSlow() {
        lossOfRedis(
                "Redis slower by 200 ms",
                () -> gateways.toRedis().delay(Duration.ofMillis(200)),
                () -> gateways.toRedis().delay(Duration.ZERO));
    }

    /** A key whose every call asks Redis, while Redis is what it should not be, and after that. */
    private static void lossOfRedis(String what, Runnable lose, Runnable mend) {
        Replicas.all().forEach(gateways::awaitShared);
        String key = gateways.doors().issue(0, "{\"name\":\"busy\",\"rpm\":1000000}");
        try (Load load = new Load(gateways.balancer().url(), key, 50)) {
            await(load, 100);
            lose.run();
            Replicas.all().forEach(gateways::awaitAlone);
            await(load, 200);
            mend.run();
            long mended = System.nanoTime();
            Replicas.all().forEach(gateways::awaitShared);
            long recovered = System.nanoTime();
            await(load, 100);
            List<Call> calls = load.finish();
            Map<String, Object> told = new LinkedHashMap<>(Load.figures(calls));
            told.put("shared by all again after, ms", (recovered - mended) / 1_000_000);
            told.put("exact again", limitIsExact());
            ScaleReport.add(what + ", at 50 calls a second", told);
            assertThat(Load.failed(calls)).as(Load.reasons(calls)).isEmpty();
            assertThat(told).containsEntry("exact again", true);
        }
    }

    private static void await(Load load, int more) {
        int before = load.done();
        Eventually.holds(Replicas.SOON, more + " calls more", () -> load.done() >= before + more);
    }

    /** With 50 ms for Redis a machine that stalls may lose it for a moment by itself, so it may try more than once. */
    static boolean limitIsExact(Replicas gateways) {
        for (int attempt = 0; attempt < 20; attempt++) {
            Replicas.all().forEach(gateways::awaitShared);
            String key = gateways.doors().issue(attempt % Replicas.COUNT, "{\"name\":\"exact\",\"rpm\":10}");
            if (gateways.doors().letIn(30, key, ONE) == 10) {
                return true;
            }
        }
        return false;
    }

    private static boolean limitIsExact() {
        return limitIsExact(gateways);
    }

    @Test
    void whatNeedsPostgresIsRefusedWhileItIsAwayAndNothingIsForgotten() {
        String known = gateways.doors().issue(0, "{\"name\":\"known\"}");
        String unknown = gateways.doors().issue(1, "{\"name\":\"unknown\"}");
        Replicas.all().forEach(gateway -> assertThat(
                        gateways.doors().ask(gateway, known, ONE).statusCode())
                .isEqualTo(200));
        int asked = Replicas.COUNT;
        try (Load load = new Load(gateways.balancer().url(), known, 50)) {
            await(load, 100);
            gateways.postgres().kill();
            // Longer than a key is remembered without asking again (keys.remembered-for).
            await(load, 50 * 18);
            for (int gateway = 0; gateway < Replicas.COUNT; gateway++) {
                assertThat(gateways.doors().ask(gateway, Replicas.KEY, ONE).statusCode())
                        .isEqualTo(200);
                isStoreUnavailable(gateways.doors().ask(gateway, unknown, ONE));
                isStoreUnavailable(gateways.doors()
                        .send(
                                "POST",
                                gateways.url(gateway) + "/v1/responses",
                                known,
                                "{\"model\":\"demo-delay-0\",\"input\":\"one\"}"));
                HttpResponse<String> unstored = gateways.doors()
                        .send(
                                "POST",
                                gateways.url(gateway) + "/v1/responses",
                                Replicas.KEY,
                                "{\"model\":\"demo-delay-0\",\"input\":\"one\",\"store\":false}");
                assertThat(unstored.statusCode()).as(unstored.body()).isEqualTo(200);
            }
            gateways.postgres().restart();
            long mended = System.nanoTime();
            Replicas.all()
                    .forEach(gateway -> Eventually.holds(
                            Replicas.SOON,
                            "gateway " + gateway + " knows keys again",
                            () -> gateways.doors().ask(gateway, unknown, ONE).statusCode() == 200));
            long recovered = System.nanoTime();
            await(load, 100);
            List<Call> calls = load.finish();
            String id = known.split("-")[1];
            int billed = asked + calls.size();
            Map<String, Object> told = new LinkedHashMap<>(Load.figures(calls));
            told.put("keys known by all again after, ms", (recovered - mended) / 1_000_000);
            ScaleReport.add("PostgreSQL killed and restarted, at 50 calls a second", told);
            assertThat(Load.failed(calls)).as(Load.reasons(calls)).isEmpty();
            Eventually.holds(
                    Replicas.SOON, billed + " calls are billed, not " + billed(id), () -> billed(id) == billed);
            told.put("calls billed in the database", billed);
            ScaleReport.add("PostgreSQL killed and restarted, at 50 calls a second", told);
        }
    }

    @Test
    void noCallOfAKnownKeyIsLostWhilePostgresHangs() {
        String unknown = gateways.doors().issue(1, "{\"name\":\"unknown while it hangs\"}");
        lossOfPostgres(
                "PostgreSQL hanging (SIGSTOP)",
                () -> gateways.postgres().hang(),
                () -> gateways.postgres().goOn(),
                // What cannot do without it is refused, and not kept waiting for long.
                () -> Replicas.all()
                        .forEach(gateway -> isStoreUnavailable(gateways.doors().ask(gateway, unknown, ONE))));
    }

    @Test
    void noCallIsLostWhilePostgresIsSlow() {
        String unknown = gateways.doors().issue(1, "{\"name\":\"unknown while it is slow\"}");
        lossOfPostgres(
                "PostgreSQL slower by 200 ms",
                () -> gateways.toPostgres().delay(Duration.ofMillis(200)),
                () -> gateways.toPostgres().delay(Duration.ZERO),
                () -> Replicas.all().forEach(gateway -> {
                    HttpResponse<String> stored = gateways.doors()
                            .send(
                                    "POST",
                                    gateways.url(gateway) + "/v1/responses",
                                    unknown,
                                    "{\"model\":\"demo-delay-0\",\"input\":\"one\"}");
                    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
                }));
    }

    /** Calls with a key that all gateways know, while PostgreSQL is what it should not be, and after that. */
    private static void lossOfPostgres(String what, Runnable lose, Runnable mend, Runnable meanwhile) {
        String known = gateways.doors().issue(0, "{\"name\":\"known\"}");
        Replicas.all().forEach(gateway -> assertThat(
                        gateways.doors().ask(gateway, known, ONE).statusCode())
                .isEqualTo(200));
        long[] before = rows();
        int asked = Replicas.COUNT;
        String fresh = gateways.doors().issue(2, "{\"name\":\"fresh\"}");
        try (Load load = new Load(gateways.balancer().url(), known, 50)) {
            await(load, 100);
            lose.run();
            // Longer than a key is remembered without asking again (keys.remembered-for).
            await(load, 50 * 18);
            meanwhile.run();
            Replicas.all().forEach(gateway -> assertThat(
                            gateways.doors().ask(gateway, Replicas.KEY, ONE).statusCode())
                    .isEqualTo(200));
            mend.run();
            long mended = System.nanoTime();
            Replicas.all()
                    .forEach(gateway -> Eventually.holds(
                            Replicas.SOON,
                            "gateway " + gateway + " knows keys again",
                            () -> gateways.doors().ask(gateway, fresh, ONE).statusCode() == 200));
            long recovered = System.nanoTime();
            await(load, 100);
            List<Call> calls = load.finish();
            Map<String, Object> told = new LinkedHashMap<>(Load.figures(calls));
            told.put("keys known by all again after, ms", (recovered - mended) / 1_000_000);
            ScaleReport.add(what + ", at 50 calls a second", told);
            assertThat(Load.failed(calls)).as(Load.reasons(calls)).isEmpty();
            String id = known.split("-")[1];
            int billed = asked + calls.size();
            Eventually.holds(
                    Replicas.SOON, billed + " calls are billed, not " + billed(id), () -> billed(id) == billed);
            Eventually.holds(Replicas.SOON, "no row waits", () -> rows()[2] == 0);
            long[] after = rows();
            told.put("calls billed in the database", billed);
            told.put("rows of the request log written", after[0] - before[0]);
            told.put("rows of the request log dropped", after[1] - before[1]);
            ScaleReport.add(what + ", at 50 calls a second", told);
            assertThat(after[0] + after[1] - before[0] - before[1])
                    .as("rows that were written, or counted as dropped")
                    .isGreaterThanOrEqualTo(calls.size());
            assertThat(billed(id)).as("billed twice").isEqualTo(billed);
        }
    }

    /** Of the request logs of all: written, dropped, waiting. */
    private static long[] rows() {
        long[] rows = new long[3];
        Replicas.all().forEach(gateway -> {
            JsonNode told = gateways.doors().stats(gateway).path("request_log");
            rows[0] += told.path("written").asLong();
            rows[1] += told.path("dropped").asLong();
            rows[2] += told.path("waiting").asLong();
        });
        return rows;
    }

    private static void isStoreUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(ErrorCheck.tree(answer.body()).at("/error/code").asText()).isEqualTo("store_unavailable");
    }

    /** Calls of that key that are not failures: refused ones used nothing. */
    private static long billed(String id) {
        JsonNode usage = ErrorCheck.tree(gateways.doors()
                .admin("GET", 2, "/admin/usage?by=key&key=" + id, null)
                .body());
        long calls = 0;
        for (JsonNode row : usage.path("data")) {
            calls += row.path("requests").asLong() - row.path("failed_requests").asLong();
        }
        return calls;
    }
}
