package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.RedisServer;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways, each a process of its own, on one Redis. */
class TwoGatewaysTest {
    /** The tests are about agreement, not about time. */
    private static final String AMPLE = "mehari:\n  redis: {timeout: 10s}\n";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void keepToOneLimit() throws Exception {
        settings(AMPLE + """
                  models:
                    - name: shared
                      deployments: [{provider: demo, model: demo, rpm: 10}]
                """);
        try (RedisServer redis = RedisServer.start();
                GatewayProcess one = start(redis);
                GatewayProcess other = start(redis);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            awaitShared(one, other);
            List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int port = (i % 2 == 0 ? one : other).port();
                calls.add(() -> ask(port, "shared"));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : threads.invokeAll(calls)) {
                statuses.add(answer.get().statusCode());
            }
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(10);
            assertThat(statuses).filteredOn(status -> status == 429).hasSize(30);
            HttpResponse<String> refused = ask(one.port(), "shared");
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("retry-after").orElseThrow()))
                    .isBetween(30, 61);
        }
    }

    @Test
    void leaveOutWhatOneOfThemFoundIll() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RedisClient client = RedisClient.create(redis.url());
                ScriptedUpstream ill = new ScriptedUpstream().answer(Script.json(500, "{\"error\":{}}"))) {
            settings(AMPLE + """
                      routing: {cooldown: {failures: 1, first: 60s}}
                      providers:
                        openai: {base-url: "%s", api-key: k, pool: {warm-up: 0}}
                      models:
                        - name: shared
                          deployments:
                            - {provider: openai, model: gpt-4o}
                            - {provider: demo, model: demo, priority: 2}
                    """.formatted(ill.url()));
            try (GatewayProcess one = start(redis);
                    GatewayProcess other = start(redis)) {
                awaitShared(one, other);
                assertThat(ask(one.port(), "shared").statusCode()).isEqualTo(200);
                assertThat(ill.requests()).hasSize(1);
                var keys = client.connect().sync();
                Eventually.holds(
                        Duration.ofSeconds(5),
                        "it cools down for all",
                        () -> keys.exists("{mehari}:1:cool:openai/gpt-4o") == 1);
                for (int i = 0; i < 5; i++) {
                    assertThat(ask(other.port(), "shared").statusCode()).isEqualTo(200);
                }
                assertThat(ill.requests())
                        .as("the other did not find out for itself")
                        .hasSize(1);
            }
        }
    }

    private GatewayProcess start(RedisServer redis) {
        return GatewayProcess.start(folder, Map.of("PORT", "0", "REDIS_URL", redis.url()));
    }

    private static void awaitShared(GatewayProcess... gateways) {
        for (GatewayProcess gateway : gateways) {
            Eventually.holds(Duration.ofSeconds(20), "it has found Redis", () -> gateway.get("/stats")
                    .contains("\"redis\":{\"state\":\"shared\""));
        }
    }

    private void settings(String yaml) throws IOException {
        Files.writeString(folder.resolve("application.yaml"), yaml);
    }

    private HttpResponse<String> ask(int port, String model) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"" + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":20}"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
