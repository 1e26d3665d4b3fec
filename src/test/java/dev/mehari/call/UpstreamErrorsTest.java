package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of a provider's failure, and of a model that nobody can serve. */
class UpstreamErrorsTest {
    private static final String ASK = Answers.ask("gpt-4o-mini", false);
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.limits.answer-size=64KB",
                "mehari.models[0].name=nobody-home",
                "mehari.models[0].deployments[0].provider=mistral");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
        upstream.answer(Script.json(200, Answers.json("fine")));
        // Good calls between the bad ones, so that the breaker stays closed.
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.chat(ASK).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,400,invalid_request_error,bad_thing", "422,422,invalid_request_error,bad_thing",
        "404,404,invalid_request_error,model_not_found", "429,429,tokens,rate_limit_exceeded",
        "409,409,invalid_request_error,bad_thing"
    })
    void rejectionsKeepStatusAndMessage(int status, int seen, String type, String code) {
        String theirs = status == 429 ? "tokens" : "invalid_request_error";
        for (boolean stream : new boolean[] {false, true}) {
            upstream.answer(Script.json(status, Answers.error("that is not right", theirs, "bad_thing")));
            JsonNode error = ErrorCheck.error(gateway.chat(Answers.ask("gpt-4o-mini", stream)), seen);
            assertThat(error.path("message").asText()).isEqualTo("that is not right");
            assertThat(error.path("type").asText()).isEqualTo(type);
            assertThat(error.path("code").asText()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401,502,upstream_authentication", "403,502,upstream_authentication", "500,502,upstream_unavailable",
        "502,502,upstream_unavailable", "503,503,upstream_unavailable", "504,504,upstream_timeout",
        "529,503,upstream_unavailable", "408,504,upstream_timeout"
    })
    void failuresNameTheProviderAndNeverTheKey(int status, int seen, String code) {
        upstream.answer(Script.json(
                status,
                Answers.error("Incorrect API key provided: sk-proj0123456789abcdef", "server_error", null),
                "x-internal",
                "secret",
                "www-authenticate",
                "Bearer"));
        HttpResponse<String> answer = gateway.chat(ASK);
        JsonNode error = ErrorCheck.error(answer, seen);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("type").asText()).isEqualTo("upstream_error");
        assertThat(error.path("message").asText()).contains("provider \"openai\"");
        assertThat(answer.body()).doesNotContain("sk-proj0123456789");
        assertThat(answer.headers().map()).doesNotContainKeys("x-internal", "www-authenticate");
    }

    @ParameterizedTest
    @CsvSource({
        "403,unsupported_country_region_territory,403,unsupported_country_region_territory",
        "403,model_not_allowed,403,model_not_allowed",
        "403,model_not_found,404,model_not_found",
        "400,tool_use_failed,502,upstream_protocol_error",
        "499,whatever,502,upstream_unavailable",
        "429,insufficient_quota,429,insufficient_quota",
        "400,context_length_exceeded,400,context_length_exceeded",
        "413,request_too_large,413,request_too_large"
    })
    void codesThatSayMoreThanTheirStatus(int status, String code, int seen, String told) {
        upstream.answer(Script.json(status, Answers.error("so it is", "invalid_request_error", code)));
        JsonNode error = ErrorCheck.error(gateway.chat(ASK), seen);
        assertThat(error.path("code").asText()).isEqualTo(told);
        assertThat(error.path("message").asText()).contains("so it is");
    }

    @Test
    void aPromptThatModerationFlaggedIsTheClientsAffair() {
        upstream.answer(
                Script.json(
                        403,
                        "{\"error\":{\"code\":403,\"message\":\"m requires moderation on p. Your input was flagged for x.\"}}"));
        JsonNode error = ErrorCheck.error(gateway.chat(ASK), 400);
        assertThat(error.path("code").asText()).isEqualTo("content_filter");
    }

    @Test
    void whenToTryAgainIsPassedOn() {
        upstream.answer(Script.json(429, Answers.error("slow", "requests", null), "retry-after", "7"));
        HttpResponse<String> answer = gateway.chat(ASK);
        ErrorCheck.error(answer, 429);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
        assertThat(answer.headers().firstValue("retry-after-ms")).hasValue("7000");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void redirectsAreNotFollowed(int status) {
        try (ScriptedUpstream elsewhere = new ScriptedUpstream()) {
            upstream.answer(Script.json(status, "{}", "location", elsewhere.url() + "/chat/completions"));
            HttpResponse<String> answer = gateway.chat(ASK);
            JsonNode error = ErrorCheck.error(answer, 502);
            assertThat(error.path("message").asText()).contains("redirects are not followed");
            assertThat(answer.body()).doesNotContain("127.0.0.1");
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"200,502", "400,400", "500,502", "429,429"})
    void aPageOfHtmlStaysThere(int status, int seen) {
        String page = "<html><body>nginx</body></html>";
        upstream.answer(new Script().head(status, "text/html", page.length()).send(page));
        assertThat(ErrorCheck.error(gateway.chat(ASK), seen).path("message").asText())
                .doesNotContain("<", "nginx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "null", "{\"choices\":[]}", "{\"choices\":{}}", "x", ""})
    void anAnswerThatIsNoneIsAProtocolError(String body) {
        upstream.answer(Script.json(200, body));
        JsonNode error = ErrorCheck.error(gateway.chat(ASK), 502);
        assertThat(error.path("code").asText()).isEqualTo("upstream_protocol_error");
    }

    @Test
    void anAnswerOverTheLimitIsGivenUp() {
        upstream.answer(Script.json(200, Answers.json("x".repeat(70_000))));
        assertThat(ErrorCheck.error(gateway.chat(ASK), 502).path("message").asText())
                .contains("65536 bytes");
        byte[] endless = "x".repeat(8192).getBytes(StandardCharsets.US_ASCII);
        Script chunks = new Script()
                .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
        for (int i = 0; i < 9; i++) {
            chunks.chunk(endless);
        }
        upstream.answer(chunks.hang());
        ErrorCheck.error(gateway.chat(ASK), 502);
        upstream.last().closed().await(Duration.ofSeconds(2));
    }

    @Test
    void jsonForAStreamIsAProtocolErrorAndAnErrorInsideItIsRead() {
        String ask = Answers.ask("gpt-4o-mini", true);
        upstream.answer(Script.json(200, Answers.json("whole")));
        assertThat(ErrorCheck.error(gateway.chat(ask), 502).path("message").asText())
                .contains("without a stream");
        upstream.answer(Script.json(200, Answers.error("slow down", "rate_limit_error", "rate_limit_exceeded")));
        assertThat(ErrorCheck.error(gateway.chat(ask), 429).path("message").asText())
                .isEqualTo("slow down");
        assertThat(ErrorCheck.error(gateway.chat(ASK), 429).path("message").asText())
                .isEqualTo("slow down");
    }

    @Test
    void anUnknownModelIsNotFoundAndNothingIsSent() {
        upstream.reset();
        JsonNode error = ErrorCheck.error(gateway.chat(Answers.ask("no-rule-knows-me", false)), 404);
        assertThat(error.path("code").asText()).isEqualTo("model_not_found");
        assertThat(error.path("param").asText()).isEqualTo("model");
        assertThat(error.path("message").asText()).contains("no-rule-knows-me", "PROVIDER_NAME", "router.camel.yaml");
        ErrorCheck.error(gateway.chat(Answers.ask("unknown-prefix/x", false)), 404);
        ErrorCheck.error(gateway.chat(Answers.ask("", false)), 400);
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Meta-Llama-X,SAMBANOVA_API_KEY",
        "deepseek-chat,DEEPSEEK_API_KEY",
        "openrouter/auto,OPENROUTER_API_KEY",
        "nobody-home,MISTRAL_API_KEY",
        "groq/x,GROQ_API_KEY"
    })
    void aModelWhoseProviderHasNoKeyNamesTheVariable(String model, String variable) {
        JsonNode error = ErrorCheck.error(gateway.chat(Answers.ask(model, false)), 404);
        assertThat(error.path("code").asText()).isEqualTo("model_not_found");
        assertThat(error.path("message").asText()).contains(variable);
    }
}
