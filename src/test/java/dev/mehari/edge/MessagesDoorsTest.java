package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.MessagesStream;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.RawHttp.Reply;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ErrorType;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The doors of Anthropic's API: who may enter, what is told at each, and what goes on to the provider. */
class MessagesDoorsTest {
    private static final String KEY = "client-key";

    private static ScriptedUpstream openAi;
    private static ScriptedUpstream anthropic;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        openAi = new ScriptedUpstream();
        anthropic = new ScriptedUpstream();
        gateway = Gateway.before(
                openAi,
                "mehari.access.api-keys=" + KEY,
                "mehari.streaming.keep-alive=200ms",
                "mehari.demo.word-delay=0ms",
                "mehari.limits.body-size=100KB",
                "mehari.providers.anthropic.base-url=http://127.0.0.1:" + anthropic.port(),
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.providers.anthropic.headers.anthropic-beta=ours-1",
                "mehari.providers.anthropic.pool.warm-up=0");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        openAi.close();
        anthropic.close();
    }

    private static String ask(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}]}";
    }

    private static HttpResponse<String> post(String path, String body, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "x-api-key";
        all[headers.length + 1] = KEY;
        return gateway.post(path, body, all);
    }

    private static JsonNode error(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return error(answer.body(), answer.headers().firstValue("request-id").orElse(""));
    }

    private static JsonNode error(String body, String requestId) {
        JsonNode tree = ErrorCheck.tree(body);
        assertThat(tree.path("type").asText()).isEqualTo("error");
        assertThat(tree.at("/error/message").asText()).isNotBlank();
        assertThat(requestId).isNotEmpty();
        assertThat(tree.path("request_id").asText()).isEqualTo(requestId);
        return tree.path("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/v1/messages/", "/v1/messages?beta=true"})
    void theDemoProviderAnswersInThisApiToo(String path) {
        HttpResponse<String> whole = post(path, ask("demo", false));
        assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
        JsonNode message = ErrorCheck.tree(whole.body());
        assertThat(message.path("type").asText()).isEqualTo("message");
        assertThat(message.at("/content/0/text").asText()).contains("hello world");
        HttpResponse<String> stream = post(path, ask("demo", true));
        assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(stream.headers().firstValue("request-id"))
                .isEqualTo(stream.headers().firstValue("x-request-id"))
                .isPresent();
        MessagesStream.check(stream.body());
    }

    @Test
    void ourKeyComesInEitherHeader() {
        assertThat(gateway.post("/v1/messages", ask("demo", false), "authorization", "Bearer " + KEY)
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.post("/v1/messages", ask("demo", false), "x-api-key", KEY)
                        .statusCode())
                .isEqualTo(200);
        for (String header : List.of("authorization", "x-api-key")) {
            JsonNode refused = error(gateway.post("/v1/messages", ask("demo", false), header, "Bearer wrong"), 401);
            assertThat(refused.path("type").asText()).isEqualTo("authentication_error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2023-06-01", "2026-10-21", ""})
    void eitherVersionOrNoneIsAccepted(String version) {
        String[] headers = version.isEmpty() ? new String[0] : new String[] {"anthropic-version", version};
        assertThat(post("/v1/messages", ask("demo", false), headers).statusCode())
                .isEqualTo(200);
    }

    @Test
    void faultsBeforeAnyRouteAreTold() {
        assertThat(error(post("/v1/messages/batches", "{}"), 404).path("type").asText())
                .isEqualTo("not_found_error");
        HttpResponse<String> get = gateway.get("/v1/messages");
        assertThat(error(get, 405).path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(get.headers().firstValue("allow")).hasValue("POST");
        assertThat(error(post("/v1/messages", "x".repeat(200_000)), 413)
                        .path("type")
                        .asText())
                .isEqualTo("request_too_large");
        assertThat(error(post("/v1/messages", "a=b", "content-type", "application/x-www-form-urlencoded"), 415)
                        .path("type")
                        .asText())
                .isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"model\":\"demo\",\"max_tokens\":1}", "{\"messages\":5}"})
    void badBodiesAreRefusedInItsShape(String body) {
        assertThat(error(post("/v1/messages", body), 400).path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error(post("/v1/messages/count_tokens", body), 400)
                        .path("type")
                        .asText())
                .isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource({
        "demo-error-400,400,invalid_request_error",
        "demo-error-429,429,rate_limit_error",
        "demo-error-503,503,overloaded_error",
        "nobody,404,not_found_error"
    })
    void failuresHaveAnthropicsTypes(String model, int status, String type) {
        assertThat(error(post("/v1/messages", ask(model, false)), status)
                        .path("type")
                        .asText())
                .isEqualTo(type);
        assertThat(error(post("/v1/messages", ask(model, true)), status)
                        .path("type")
                        .asText())
                .isEqualTo(type);
    }

    @Test
    void anAnswerThatBreaksOffEndsWithAnErrorEvent() {
        List<JsonNode> events =
                MessagesStream.check(post("/v1/messages", ask("demo-cut", true)).body());
        assertThat(events.getLast().path("type").asText()).isEqualTo("error");
    }

    @Test
    void theRootAnswersWhoeverKnocks() {
        Reply knock = RawHttp.request(gateway, "HEAD", "/", new byte[0]);
        assertThat(knock.status()).isEqualTo(200);
        assertThat(knock.body()).isEmpty();
        assertThat(RawHttp.request(gateway, "GET", "/", new byte[0]).body()).contains("\"dashboard\":\"/dashboard\"");
    }

    @Test
    void silenceIsFilledWithPings() {
        openAi.answer(Script.stream()
                .pause(Duration.ofMillis(700))
                .event(Answers.text("one"))
                .pause(Duration.ofMillis(500))
                .event(Answers.finish())
                .event("[DONE]")
                .endChunks());
        String body = post("/v1/messages", ask("gpt-5-mini", true)).body();
        assertThat(body).startsWith("event: ping\ndata: {\"type\":\"ping\"}\n\nevent: ping\n");
        MessagesStream.check(body);
    }

    @Test
    void aFailureAfterAPingIsAnErrorEvent() {
        openAi.answer(Script.stream().pause(Duration.ofMillis(500)).close());
        String body = post("/v1/messages", ask("gpt-5-mini", true)).body();
        assertThat(body).startsWith("event: ping\n").contains("event: error\n");
        assertThat(MessagesStream.check(body)).hasSize(1);
    }

    @Test
    void theFirstWordLeavesBeforeTheSecondComes() throws Exception {
        openAi.answer(Script.stream().event(Answers.text("one")).hang()).reset();
        try (RawClient client =
                new RawClient(gateway).post("/v1/messages", ask("gpt-5-mini", true), "x-api-key", KEY)) {
            client.head();
            client.chunksUpTo("\"text\":\"one\"");
            client.close();
            openAi.awaitRequest().closed().await(Duration.ofSeconds(1));
        }
    }

    @Test
    void versionAndBetasGoOnToAnthropicAndNothingElse() {
        anthropic.answer(Script.json(200, "{\"type\":\"message\",\"content\":[],\"usage\":{\"input_tokens\":1}}"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages?beta=true"))
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + KEY)
                .header("anthropic-version", "2026-10-21")
                .header("anthropic-beta", "a-1, b-2")
                .header("anthropic-beta", "c-3,ours-1")
                .header("x-stainless-lang", "java")
                .header("cookie", "a=b")
                .POST(HttpRequest.BodyPublishers.ofString(ask("claude-sonnet-4-5", false)))
                .build();
        HttpResponse<String> answer = gateway.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-dropped-params")).isEmpty();
        ScriptedUpstream.Request sent = anthropic.last();
        assertThat(sent.path()).isEqualTo("/v1/messages");
        assertThat(sent.header("anthropic-version")).isEqualTo("2026-10-21");
        assertThat(sent.header("anthropic-beta")).isEqualTo("ours-1,a-1,b-2,c-3");
        assertThat(sent.header("x-api-key")).isEqualTo("anthropic-key");
        assertThat(sent.headers().keySet()).doesNotContain("authorization", "cookie", "x-stainless-lang");
    }

    @Test
    void betasThatCannotGoOnAreToldOf() {
        openAi.answer(Script.json(200, Answers.json("hi")));
        HttpResponse<String> answer = post(
                "/v1/messages", ask("gpt-5-mini", false), "anthropic-beta", "a-1", "anthropic-version", "2023-06-01");
        assertThat(answer.headers().firstValue("x-mehari-dropped-params")).hasValue("anthropic-beta");
        assertThat(openAi.last().headers().keySet()).noneMatch(name -> name.startsWith("anthropic"));
    }

    @Test
    void anthropicCountsByItself() {
        anthropic.answer(Script.json(200, "{\"input_tokens\":2095}"));
        HttpResponse<String> answer = post(
                "/v1/messages/count_tokens",
                "{\"model\":\"claude-sonnet-4-5\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(answer.body()).isEqualTo("{\"input_tokens\":2095}");
        assertThat(answer.headers().firstValue("x-mehari-estimated")).isEmpty();
        assertThat(answer.headers().firstValue("x-mehari-provider")).hasValue("anthropic");
        CallRecord call = gateway.call(answer);
        assertThat(call.operation()).isEqualTo("count_tokens");
        assertThat(call.asked()).isEqualTo(1);
        assertThat(call.served().deployment()).isEqualTo("anthropic/claude-sonnet-4-5");
        assertThat(call.served().times().toHeaders()).isPresent();
        assertThat(call.upstreamNanos()).isPositive();
        assertThat(anthropic.last().path()).isEqualTo("/v1/messages/count_tokens");
        assertThat(anthropic.last().body())
                .isEqualTo("{\"model\":\"claude-sonnet-4-5\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    @Test
    void whereCountingFailsAnEstimateHelps() {
        anthropic.answer(
                Script.json(529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}"));
        HttpResponse<String> answer = post("/v1/messages/count_tokens", ask("claude-sonnet-4-5", false));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-estimated")).hasValue("true");
        CallRecord call = gateway.call(answer);
        assertThat(call.error()).isNull();
        assertThat(call.served().error()).isEqualTo(ErrorType.PROVIDER_UNAVAILABLE);
        anthropic.answer(Script.json(
                400,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages: bad\"}}"));
        assertThat(error(post("/v1/messages/count_tokens", ask("claude-sonnet-4-5", false)), 400)
                        .path("message")
                        .asText())
                .isEqualTo("messages: bad");
    }

    @Test
    void elsewhereTokensAreEstimated() {
        HttpResponse<String> answer = post("/v1/messages/count_tokens", ask("gpt-5-mini", false));
        assertThat(answer.headers().firstValue("x-mehari-estimated")).hasValue("true");
        assertThat(ErrorCheck.tree(answer.body()).path("input_tokens").asInt()).isBetween(3, 20);
        CallRecord call = gateway.call(answer);
        assertThat(call.served().provider()).isEqualTo("openai");
        assertThat(call.asked()).isZero();
        assertThat(error(gateway.post("/v1/messages/count_tokens", ask("demo", false)), 401)
                        .path("type")
                        .asText())
                .isEqualTo("authentication_error");
    }

    @Test
    void theModelListHasTheShapeThatIsAskedFor() {
        JsonNode theirs = ErrorCheck.tree(gateway.get("/v1/models", "x-api-key", KEY, "anthropic-version", "2023-06-01")
                .body());
        assertThat(theirs.at("/data/0/type").asText()).isEqualTo("model");
        assertThat(theirs.path("has_more").asBoolean(true)).isFalse();
        assertThat(theirs.path("first_id")).isEqualTo(theirs.at("/data/0/id"));
        JsonNode ours =
                ErrorCheck.tree(gateway.get("/v1/models", "x-api-key", KEY).body());
        assertThat(ours.path("object").asText()).isEqualTo("list");
    }

    @Test
    void aByteOrderMarkPasses() {
        byte[] body = ("\uFEFF" + ask("demo", false)).getBytes(StandardCharsets.UTF_8);
        assertThat(RawHttp.request(gateway, "POST", "/v1/messages", body, "x-api-key", KEY)
                        .status())
                .isEqualTo(200);
    }
}
