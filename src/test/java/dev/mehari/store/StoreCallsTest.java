package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.RedisMonitor;
import dev.mehari.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a call asks Redis and PostgreSQL, as both tell: the table in docs/scaling.md. */
class StoreCallsTest {
    private static final int CALLS = 40;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String SETTINGS = """
            mehari:
              redis: {timeout: 10s}
              request-log: {enabled: false}
              cache:
                redis: {timeout: 10s}
                models: [{name: kept, mode: all}]
              models:
                - name: kept
                  deployments: [{provider: demo, model: demo-delay-0}]
                - name: limited
                  deployments: [{provider: demo, model: demo-delay-1, rpm: 100000}]
                - name: group
                  deployments: [{provider: demo, model: demo-delay-2}]
            """;

    @TempDir
    private static Path folder;

    private static RedisServer redis;
    private static PostgresServer postgres;
    private static GatewayProcess gateway;
    private static RedisMonitor monitor;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start();
        postgres = PostgresServer.start("log_statement=all");
        Files.writeString(folder.resolve("application.yaml"), SETTINGS);
        gateway = GatewayProcess.start(
                folder,
                Map.of(
                        "PORT", "0",
                        "REDIS_URL", redis.url(),
                        "DATABASE_URL", postgres.newDatabase(),
                        "MEHARI_API_KEYS", "plain",
                        "MEHARI_ADMIN_KEY", "admin"));
        http = HttpClient.newHttpClient();
        Eventually.holds(SOON, "it shares", () -> gateway.get("/stats").contains("\"redis\":{\"state\":\"shared\""));
        monitor = new RedisMonitor(redis.port());
    }

    @AfterAll
    static void stop() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        if (monitor != null) {
            monitor.close();
        }
        if (http != null) {
            http.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private interface Ask {
        void call(int number);
    }

    /**
     * @param redis commands by name and how often, as {@code evalsha 2, get 1}
     * @param postgres statements, without those that begin and end transactions
     */
    private record Asked(String redis, long postgres) {}

    /** What a call asks for, rounded: a heartbeat in between counts for nothing. */
    private static Asked asked(Ask ask) {
        for (int number = 0; number < 5; number++) {
            ask.call(-1 - number);
        }
        settle();
        int redisBefore = monitor.seen();
        long postgresBefore = statements();
        for (int number = 0; number < CALLS; number++) {
            ask.call(number);
        }
        settle();
        return new Asked(
                told(monitor.since(redisBefore)), Math.round((double) (statements() - postgresBefore) / CALLS));
    }

    /** As {@code evalsha 2, get 1}: how often a call, rounded. */
    private static String told(Map<String, Long> commands) {
        return commands.entrySet().stream()
                .filter(command -> Math.round((double) command.getValue() / CALLS) > 0)
                .map(command -> command.getKey() + " " + Math.round((double) command.getValue() / CALLS))
                .collect(Collectors.joining(", "));
    }

    /** What is done beside the calls has been done when nothing more comes for a while. */
    private static void settle() {
        long[] last = {-1, -1};
        Eventually.holds(SOON, "the stores are quiet", () -> {
            Eventually.passes(Duration.ofMillis(400));
            long[] now = {monitor.seen(), statements()};
            boolean quiet = now[0] == last[0] && now[1] == last[1];
            last[0] = now[0];
            last[1] = now[1];
            return quiet;
        });
    }

    private static long statements() {
        try {
            return Files.readAllLines(postgres.log()).stream()
                    .filter(line -> line.contains("execute ") || line.contains("statement: "))
                    .filter(line -> !line.contains(": BEGIN") && !line.contains(": COMMIT") && !line.contains(": SET "))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> send(String method, String path, String key, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private static String issue(String fields) {
        return ErrorCheck.tree(send("POST", "/admin/keys", "admin", fields).body())
                .path("key")
                .asText();
    }

    private static Ask chat(String model, String key, boolean different) {
        return number -> send(
                "POST",
                "/v1/chat/completions",
                key,
                "{\"model\":\"" + model + "\",\"max_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":\"hello "
                        + (different ? number : "") + "\"}]}");
    }

    /** What is billed is added up and written beside the calls, in at most fifty batches a second: one a call when idle. */
    private static final long BILL = 1;

    @Test
    void aCallToAModelThatIsInNoGroupAsksRedisForNothing() {
        Asked asked = asked(chat("demo-delay-0", "plain", true));
        assertThat(asked.redis()).isEmpty();
        assertThat(asked.postgres()).isLessThanOrEqualTo(BILL);
    }

    @Test
    void aGroupIsReservedInOnce() {
        assertThat(asked(chat("group", "plain", true)).redis()).isEqualTo("evalsha 1");
    }

    @Test
    void aDeploymentWithLimitsIsReservedAndSettled() {
        assertThat(asked(chat("limited", "plain", true)).redis()).isEqualTo("evalsha 2");
    }

    @Test
    void aKeyWithLimitsIsReservedAndSettled() {
        String key = issue("{\"name\":\"limits\",\"rpm\":100000,\"tpm\":100000000,\"concurrency\":100}");
        Asked asked = asked(chat("demo-delay-0", key, true));
        assertThat(asked.redis()).isEqualTo("evalsha 2");
        assertThat(asked.postgres()).isLessThanOrEqualTo(BILL);
    }

    @Test
    void aKeyWithLimitsAtADeploymentWithLimitsIsBoth() {
        String key = issue("{\"name\":\"both\",\"rpm\":100000}");
        assertThat(asked(chat("limited", key, true)).redis()).isEqualTo("evalsha 4");
    }

    @Test
    void aBudgetCostsNoMoreThanThatAndIsReadAnewWithTheBill() {
        String key = issue("{\"name\":\"budget\",\"rpm\":100000,\"budget\":1000}");
        Asked asked = asked(chat("demo-delay-0", key, true));
        assertThat(asked.redis()).isIn("evalsha 2", "evalsha 3");
        assertThat(asked.postgres()).isLessThanOrEqualTo(2 * BILL);
    }

    @Test
    void aMissOfTheCacheLooksAndKeeps() {
        Asked asked = asked(chat("kept", "plain", true));
        assertThat(asked.redis()).isEqualTo("evalsha 1, get 1, psetex 1");
    }

    @Test
    void aHitInMemoryAsksNobody() {
        assertThat(asked(chat("kept", "plain", false))).isEqualTo(new Asked("", 0));
    }

    @Test
    void aStoredResponseIsWrittenInAFewStatements() {
        Asked asked = asked(number -> send(
                "POST", "/v1/responses", "plain", "{\"model\":\"demo-delay-0\",\"input\":\"hello " + number + "\"}"));
        assertThat(asked.redis()).isEmpty();
        assertThat(asked.postgres()).isBetween(2L, 4L);
    }
}
