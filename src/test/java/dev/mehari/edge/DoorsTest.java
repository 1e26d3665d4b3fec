package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.provider.Provider;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.Shipped;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every path that is served, with what it answers. */
class DoorsTest {
    private static ScriptedUpstream first;
    private static ScriptedUpstream second;
    private static ScriptedUpstream slow;
    private static ScriptedUpstream failing;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        first = new ScriptedUpstream();
        second = new ScriptedUpstream();
        slow = new ScriptedUpstream().answer(Script.silence());
        failing = new ScriptedUpstream().answer(Script.json(500, Answers.error("down", "server_error", null)));
        gateway = Gateway.before(
                first,
                "mehari.providers.sambanova.base-url=" + second.url(),
                "mehari.providers.sambanova.api-key=second-key",
                "mehari.providers.groq.base-url=" + slow.url(),
                "mehari.providers.groq.api-key=slow-key",
                "mehari.providers.mistral.base-url=" + failing.url(),
                "mehari.providers.mistral.api-key=failing-key",
                "mehari.providers.sambanova.pool.warm-up=0",
                "mehari.providers.groq.pool.warm-up=0",
                "mehari.providers.mistral.pool.warm-up=0",
                "mehari.default-provider=demo",
                "mehari.demo.word-delay=0ms",
                "mehari.models[0].name=team/fast:v1",
                "mehari.models[0].deployments[0].provider=demo",
                "mehari.models[0].deployments[0].model=demo");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        List.of(first, second, slow, failing).forEach(ScriptedUpstream::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/chat/completions",
                "/v1/chat/completions/",
                "/chat/completions/",
                "/chat/completions/chat/completions",
                "/v1/chat/completions/chat/completions",
                "/v1/chat/completions?x=1"
            })
    void chatIsServedAtEachOfItsPaths(String path) {
        HttpResponse<String> whole = gateway.post(path, Answers.ask("demo", false));
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(ErrorCheck.tree(whole.body()).path("object").asText()).isEqualTo("chat.completion");
        assertThat(gateway.post(path, Answers.ask("demo", true)).body()).endsWith("data: [DONE]\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat/completions/stream", "/v1/chat/completions/stream", "/chat/completions/stream/"})
    void theStreamDoorStreamsWhateverTheBodySays(String path) {
        HttpResponse<String> answer = gateway.post(path, Answers.ask("demo", false));
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        first.answer(Script.events(Answers.stream("hi")));
        assertThat(gateway.post(path, Answers.ask("gpt-4o-mini", false)).body()).endsWith("data: [DONE]\n\n");
        assertThat(ErrorCheck.tree(first.last().body()).path("stream").asBoolean())
                .isTrue();
    }

    @Test
    void onlyTheBodyDecidesOnStreamingElsewhere() {
        HttpResponse<String> answer = gateway.chat(Answers.ask("demo", false), "accept", "text/event-stream");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/models", "/v1/models/", "/v1/models?upstream=false"})
    void modelsListsGroupsAndTheModelsOfAvailableProviders(String path) {
        Map<String, JsonNode> models = models(gateway.get(path));
        assertThat(models).containsKeys("team/fast:v1", "demo", "gpt-4o-mini", "Meta-Llama-3.3-70B-Instruct");
        assertThat(models).doesNotContainKeys("deepseek-flash", "openrouter/auto");
        assertThat(models.get("team/fast:v1").path("owned_by").asText()).isEqualTo("mehari");
        assertThat(models.get("gpt-4o-mini").path("owned_by").asText()).isEqualTo("openai");
        models.values().forEach(model -> {
            assertThat(model.path("object").asText()).isEqualTo("model");
            assertThat(model.path("created").isIntegralNumber()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/team/fast:v1",
                "/v1/models/team%2Ffast:v1",
                "/v1/models/team%2Ffast%3Av1",
                "/models/team/fast:v1",
                "/v1/models/team/fast:v1/"
            })
    void oneModelIsFoundWithItsSlashesRawOrEncoded(String path) {
        HttpResponse<String> answer = gateway.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ErrorCheck.tree(answer.body()).path("id").asText()).isEqualTo("team/fast:v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/openai%2Fgpt-4o-mini", "/v1/models/openai/gpt-4o-mini"})
    void aModelIsFoundBehindItsProvidersNameToo(String path) {
        HttpResponse<String> answer = gateway.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode model = ErrorCheck.tree(answer.body());
        assertThat(model.path("id").asText()).isEqualTo("openai/gpt-4o-mini");
        assertThat(model.path("owned_by").asText()).isEqualTo("openai");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"openai/gpt-nobody", "anthropic/gpt-4o-mini", "nobody/gpt-4o-mini", "openai/", "/gpt-4o-mini"})
    void aModelThatItsProviderDoesNotHaveIsNotFound(String id) {
        ErrorCheck.error(gateway.get("/v1/models/" + id), 404);
    }

    @Test
    void anUnknownModelIsNotFound() {
        JsonNode error = ErrorCheck.error(gateway.get("/v1/models/nobody/knows"), 404);
        assertThat(error.path("code").asText()).isEqualTo("model_not_found");
        assertThat(error.path("message").asText()).contains("nobody/knows");
    }

    @Test
    void theProvidersOwnListsAreMergedWithinTheirTime() {
        first.reset();
        first.answer(Script.json(200, list("gpt-4o-mini", "gpt-live")));
        second.answer(Script.json(200, list("Live-Llama", "vendor/x:y")));
        long begin = System.nanoTime();
        HttpResponse<String> answer = gateway.get(
                "/v1/models?upstream=true",
                "authorization",
                "Bearer of-the-client",
                "x-api-key",
                "of-the-client",
                "x-secret",
                "of-the-client",
                "openai-organization",
                "of-the-client",
                "cookie",
                "of-the-client");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        Map<String, JsonNode> models = models(answer);
        assertThat(models).containsKeys("demo", "gpt-4o", "gpt-live", "Live-Llama", "vendor/x:y");
        assertThat(models.get("gpt-4o-mini").path("owned_by").asText()).isEqualTo("openai");
        assertThat(models.get("gpt-live").path("owned_by").asText()).isEqualTo("upstream");
        assertThat(slow.requests()).hasSize(1);
        assertThat(failing.requests()).hasSize(1);
        ScriptedUpstream.Request asked = first.last();
        assertThat(asked.method() + " " + asked.path()).isEqualTo("GET /v1/models");
        assertThat(asked.header("authorization")).isEqualTo("Bearer upstream-key");
        assertThat(asked.headers().toString()).doesNotContain("of-the-client", "upstream=true", "x-secret");
        assertThat(answer.headers().map()).doesNotContainKey("upstream");
        assertThat(second.last().header("authorization")).isEqualTo("Bearer second-key");
    }

    @Test
    void listsOfOtherShapesAreMergedToo() {
        try (ScriptedUpstream claude = new ScriptedUpstream();
                ScriptedUpstream google = new ScriptedUpstream();
                ScriptedUpstream amazon = new ScriptedUpstream();
                Gateway own = Gateway.start(
                        "mehari.providers.anthropic.base-url=" + claude.address(),
                        "mehari.providers.anthropic.api-key=claude-key",
                        "mehari.providers.gemini.base-url=" + google.address() + "/v1beta",
                        "mehari.providers.gemini.api-key=google-key",
                        "mehari.providers.bedrock.base-url=" + amazon.address())) {
            claude.answer(Script.json(
                    200,
                    "{\"data\":[{\"type\":\"model\",\"id\":\"claude-live\",\"display_name\":\"Claude Live\","
                            + "\"created_at\":\"2026-02-04T00:00:00Z\"}],\"has_more\":false}"));
            google.answer(
                    Script.json(200, "{\"models\":[{\"name\":\"models/gemini-live\",\"inputTokenLimit\":1048576}]}"));
            Map<String, JsonNode> models = models(own.get("/v1/models?upstream=true"));
            assertThat(models.get("claude-live").path("created").asLong()).isEqualTo(1770163200);
            assertThat(models.get("claude-live").path("owned_by").asText()).isEqualTo("anthropic");
            assertThat(models.get("gemini-live").path("owned_by").asText()).isEqualTo("gemini");
            assertThat(models.get("gemini-live").path("inputTokenLimit").asInt())
                    .isEqualTo(1048576);
            assertThat(claude.last().path()).isEqualTo("/v1/models?limit=1000");
            assertThat(claude.last().header("anthropic-version")).isEqualTo("2023-06-01");
            assertThat(claude.last().header("x-api-key")).isEqualTo("claude-key");
            assertThat(google.last().path()).isEqualTo("/v1beta/models?pageSize=1000");
            assertThat(google.last().header("x-goog-api-key")).isEqualTo("google-key");
            assertThat(amazon.requests()).isEmpty();
            JsonNode theirs = ErrorCheck.tree(own.get("/v1/models?upstream=true", "anthropic-version", "2023-06-01")
                    .body());
            assertThat(theirs.path("data"))
                    .filteredOn(model -> model.path("id").asText().equals("claude-live"))
                    .singleElement()
                    .satisfies(model -> {
                        assertThat(model.path("display_name").asText()).isEqualTo("Claude Live");
                        assertThat(model.path("created_at").asText()).isEqualTo("2026-02-04T00:00:00Z");
                    });
        }
    }

    @Test
    void providersAreListedWithoutTheirSecrets() {
        HttpResponse<String> answer = gateway.get("/v1/providers");
        JsonNode list = ErrorCheck.tree(answer.body());
        assertThat(list.path("default").asText()).isEqualTo("demo");
        assertThat(list.path("providers"))
                .extracting(entry -> entry.path("name").asText())
                .containsExactlyElementsOf(
                        Shipped.providers().all().stream().map(Provider::name).toList());
        assertThat(list.path("providers"))
                .extracting(JsonNode::toString)
                .contains(
                        "{\"name\":\"demo\",\"available\":true,\"default_model\":\"demo\",\"protocol\":\"demo\"}",
                        "{\"name\":\"azure\",\"available\":false,\"default_model\":null,\"protocol\":\"azure\"}");
        assertThat(answer.body()).doesNotContain("-key", "http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/health/"})
    void healthIsUp(String path) {
        HttpResponse<String> answer = gateway.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }

    private static String list(String... ids) {
        return "{\"object\":\"list\",\"data\":[{\"id\":\"" + String.join("\"},{\"id\":\"", ids) + "\"}]}";
    }

    private static Map<String, JsonNode> models(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode list = ErrorCheck.tree(answer.body());
        assertThat(list.path("object").asText()).isEqualTo("list");
        Map<String, JsonNode> models = new TreeMap<>();
        list.path("data")
                .forEach(model ->
                        assertThat(models.put(model.path("id").asText(), model)).isNull());
        return models;
    }
}
