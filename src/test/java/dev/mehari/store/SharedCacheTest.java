package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.RedisServer;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways, each a process of its own, share answers in one Redis. */
class SharedCacheTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whatOneWasToldTheOtherKnows() throws Exception {
        try (RedisServer redis = RedisServer.start();
                ScriptedUpstream upstream = new ScriptedUpstream().answer(Script.events(Answers.stream("hel", "lo")))) {
            // Times that no slow machine runs into: the test is about sharing.
            Files.writeString(folder.resolve("application.yaml"), """
                    mehari:
                      redis: {timeout: 10s}
                      access: {admin-key: admin}
                      cache: {enabled: true, mode: all, redis: {timeout: 10s, memory-ttl: 500ms}}
                      providers:
                        openai: {base-url: "%s", api-key: k, pool: {warm-up: 0}}
                    """.formatted(upstream.url()));
            try (GatewayProcess one = start(redis);
                    GatewayProcess other = start(redis)) {
                awaitShared(one, other);
                HttpResponse<String> first = ask(one.port(), true);
                assertThat(cache(first)).isEqualTo("MISS");
                assertThat(first.body()).endsWith("data: [DONE]\n\n");
                Eventually.holds(SOON, "it is in Redis", () -> cache(ask(other.port(), false))
                        .equals("HIT"));
                int asked = upstream.requests().size();
                HttpResponse<String> again = ask(other.port(), false);
                assertThat(cache(again)).isEqualTo("HIT");
                assertThat(again.body()).contains("\"content\":\"hello\"");
                assertThat(upstream.requests()).hasSize(asked);
                assertThat(ErrorCheck.tree(other.get("/stats"))
                                .at("/cache/redis/hits")
                                .asLong())
                        .isPositive();

                HttpResponse<String> refused = delete(one.port(), "/admin/cache", "nobody");
                assertThat(refused.statusCode()).isEqualTo(401);
                HttpResponse<String> slip = delete(one.port(), "/admin/cache?modle=gpt-4o", "admin");
                assertThat(slip.statusCode()).isEqualTo(400);
                assertThat(delete(one.port(), "/admin/cache?model=gpt-4", "admin")
                                .body())
                        .isEqualTo("{\"forgotten\":0}");
                assertThat(delete(one.port(), "/admin/cache?model=gpt-4o", "admin")
                                .body())
                        .isEqualTo("{\"forgotten\":1}");
                // The other one's memory has it for its short time still.
                Eventually.holds(SOON, "both have forgotten", () -> cache(ask(other.port(), true))
                        .equals("MISS"));
                String key = ask(one.port(), true)
                        .headers()
                        .firstValue("x-cache-key")
                        .orElseThrow();
                Eventually.holds(SOON, "it is kept again", () -> cache(ask(one.port(), true))
                        .equals("HIT"));
                assertThat(delete(one.port(), "/admin/cache?key=" + key, "admin")
                                .body())
                        .isEqualTo("{\"forgotten\":1}");
            }
        }
    }

    private GatewayProcess start(RedisServer redis) {
        return GatewayProcess.start(folder, Map.of("PORT", "0", "REDIS_URL", redis.url()));
    }

    private static void awaitShared(GatewayProcess... gateways) {
        for (GatewayProcess gateway : gateways) {
            Eventually.holds(SOON, "it has found Redis", () -> ErrorCheck.tree(gateway.get("/stats"))
                    .at("/cache/redis/state")
                    .asText()
                    .equals("shared"));
        }
    }

    private HttpResponse<String> ask(int port, boolean stream) {
        return send(request(port, "/v1/chat/completions")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Answers.ask("gpt-4o", stream)))
                .build());
    }

    private HttpResponse<String> delete(int port, String path, String key) {
        return send(request(port, path)
                .header("authorization", "Bearer " + key)
                .DELETE()
                .build());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private static String cache(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-cache").orElse("none");
    }
}
