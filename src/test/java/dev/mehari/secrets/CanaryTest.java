package dev.mehari.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that logs all it can, with a canary in the place of every secret, goes through successes and failures: no canary
 * is in its output or in any of its answers.
 */
class CanaryTest {
    /** In every secret. In the form of no maker's key, so that it is known by its value or its place alone. */
    private static final String CANARY = "canary";

    private final List<String> answers = new ArrayList<>();
    private int port;

    @Test
    void noSecretIsToldWhateverHappens(@TempDir Path folder) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                GatewayProcess gateway = GatewayProcess.start(
                        folder,
                        environment(upstream),
                        "--port=0",
                        "--mehari.providers.openai.headers.x-secret=" + secret("header"),
                        "--mehari.providers.sambanova.headers.cookie=" + secret("cookie"),
                        "--logging.level.root=TRACE")) {
            port = gateway.port();
            successes(upstream);
            failures(upstream);
            strangers();
            gateway.terminate();
            assertThat(gateway.exitCode()).isEqualTo(143);
            assertThat(gateway.output()).contains("DEBUG", "TRACE", "Mehari listens", Secrets.MASK);
            assertThat(gateway.output().lines().filter(CanaryTest::sings)).isEmpty();
            assertThat(answers).hasSizeGreaterThan(30).noneMatch(CanaryTest::sings);
        }
    }

    @Test
    void aStartThatFailsTellsNoneEither(@TempDir Path folder) throws Exception {
        for (String wrong : List.of(
                "REDIS_URL=redis://u:" + secret("redis") + "@[nowhere",
                "DATABASE_URL=postgres://u:" + secret("database") + "@/",
                "OPENAI_BASE_URL=nonsense://u:" + secret("base") + "@x",
                "MEHARI_ALLOW_ANONYMOUS=" + "Bearer " + secret("bearer"))) {
            String[] variable = wrong.split("=", 2);
            try (GatewayProcess gateway =
                    GatewayProcess.start(folder, Map.of(variable[0], variable[1], "LOG_LEVEL", "DEBUG"), "--port=0")) {
                assertThat(gateway.exitCode()).as(wrong).isEqualTo(1);
                assertThat(gateway.output().lines().filter(CanaryTest::sings)).isEmpty();
            }
        }
    }

    private static boolean sings(String text) {
        return text.contains(CANARY);
    }

    private static String secret(String name) {
        return CANARY + name + "0123456789" + CANARY;
    }

    private static Map<String, String> environment(ScriptedUpstream upstream) {
        Map<String, String> set = new LinkedHashMap<>();
        set.put("MEHARI_API_KEYS", secret("client") + "," + secret("other"));
        set.put("MEHARI_ADMIN_KEY", secret("admin"));
        set.put("MEHARI_SCRAPE_KEY", secret("scrape"));
        for (String provider : List.of("OPENAI", "SAMBANOVA", "GROQ")) {
            set.put(provider + "_API_KEY", secret(provider.toLowerCase()));
            set.put(provider + "_BASE_URL", upstream.url());
        }
        set.put("ANTHROPIC_API_KEY", secret("anthropic"));
        set.put("ANTHROPIC_BASE_URL", upstream.address());
        set.put("GEMINI_API_KEY", secret("gemini"));
        set.put("GEMINI_BASE_URL", upstream.address());
        set.put("AZURE_OPENAI_API_KEY", secret("azure"));
        set.put("AZURE_OPENAI_ENDPOINT", upstream.address());
        set.put("AWS_REGION", "us-east-1");
        set.put("AWS_ACCESS_KEY_ID", secret("awsid"));
        set.put("AWS_SECRET_ACCESS_KEY", secret("awssecret"));
        set.put("AWS_SESSION_TOKEN", secret("awssession"));
        set.put("AWS_ENDPOINT_URL", upstream.address());
        // Nobody is there: both are failures of their own kind.
        set.put("REDIS_URL", "redis://user:" + secret("redis") + "@127.0.0.1:9/0");
        set.put("DATABASE_URL", "postgres://user:" + secret("database") + "@127.0.0.1:9/mehari");
        return set;
    }

    private void successes(ScriptedUpstream upstream) throws Exception {
        upstream.answer(Script.json(200, Answers.json("hello")));
        ask("gpt-4o-mini", false);
        ask("openai/gpt-4o-mini", false, "x-api-key", secret("client"));
        upstream.answer(Script.events(Answers.stream("hello")));
        ask("gpt-4o-mini", true);
        ask("sambanova/m", true);
        for (String path : List.of(
                "/health", "/stats", "/v1/models", "/v1/models?upstream=true", "/v1/providers", "/v1/models/demo")) {
            get(path, "authorization", "Bearer " + secret("client"));
        }
        get("/stats", "authorization", "Bearer " + secret("scrape"));
    }

    /** Each provider refuses, breaks off, redirects, and repeats what it was sent. */
    private void failures(ScriptedUpstream upstream) throws Exception {
        List<String> models = List.of(
                "gpt-4o-mini",
                "sambanova/m",
                "groq/m",
                "claude-haiku-4-5",
                "gemini/gemini-2.5-flash",
                "azure/gpt-4o",
                "us.amazon.nova-pro-v1:0",
                "bedrock-agent/AGENT/ALIAS");
        for (String model : models) {
            upstream.answer(request -> Script.json(
                    400,
                    Answers.error(
                            "you sent " + String.join(", ", request.headers().values()), "invalid", null)));
            ask(model, false);
            upstream.answer(request -> Script.json(
                    401, Answers.error("wrong key " + request.headers().values(), "invalid", null)));
            ask(model, false);
            upstream.answer(new Script()
                    .head(302, "text/html", 0, "location", "http://127.0.0.1:9/?key=" + secret("location")));
            ask(model, false);
            upstream.answer(new Script().send("nonsense").reset());
            ask(model, true);
        }
        post("/v1/responses", "{\"model\":\"demo\",\"input\":\"hi\",\"store\":true}");
        get("/v1/responses/resp_unknown", "authorization", "Bearer " + secret("client"));
    }

    /** Whoever has no key, or sends it where it does not belong. */
    private void strangers() throws Exception {
        for (String path : List.of("/stats", "/v1/models", "/admin/keys", "/admin/usage")) {
            get(path + "?api_key=" + secret("query"), "authorization", "Bearer " + secret("stranger"));
        }
        get("/nowhere?key=" + secret("query"));
        post("/v1/chat/completions", "{\"api_key\":\"" + secret("body") + "\"");
        post(
                "/v1/chat/completions",
                "{\"model\":\"demo\",\"messages\":[],\"api_key\":\"" + secret("body") + "\"}",
                "authorization",
                "Basic " + secret("basic"));
    }

    private void ask(String model, boolean stream, String... headers) throws Exception {
        post("/v1/chat/completions", Answers.ask(model, stream), headers);
    }

    private void post(String path, String json, String... headers) throws Exception {
        send(request(path, headers.length > 0 ? headers : new String[] {"authorization", "Bearer " + secret("client")})
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private void get(String path, String... headers) throws Exception {
        send(request(path, headers).build());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private void send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            answers.add(answer.headers().map() + "\n" + answer.body());
        }
    }
}
