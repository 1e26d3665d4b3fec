package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With client keys configured, who gets in and what of a key goes further. */
class ClientKeysTest {
    private static final String ASK = Answers.ask("gpt-4o-mini", false);
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream, "mehari.access.api-keys= key-one , key-two ,,");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "authorization,Bearer key-one",
        "authorization,bearer key-two",
        "authorization,'Bearer   key-one '",
        "x-api-key,key-two"
    })
    void aConfiguredKeyOpensEveryDoor(String header, String value) {
        assertThat(gateway.chat(ASK, header, value).statusCode()).isEqualTo(200);
        for (String path : List.of("/v1/models", "/models", "/v1/models/demo", "/v1/providers")) {
            assertThat(gateway.get(path, header, value).statusCode()).as(path).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "authorization,Bearer wrong", "authorization,key-one", "authorization,Bearer", "authorization,'Bearer '",
        "authorization,Basic a2V5LW9uZTo=", "x-api-key,wrong", "x-api-key,''", "x-api-key,'key-one,key-two'",
        "api-key,key-one", "authorization,Bearer KEY-ONE", "x-other,key-one"
    })
    void anythingElseIsRefusedInTheSameWords(String header, String value) {
        upstream.reset();
        JsonNode error = ErrorCheck.error(gateway.chat(ASK, header, value), 401);
        assertThat(error.path("code").asText()).isEqualTo("invalid_api_key");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error).isEqualTo(ErrorCheck.error(gateway.chat(ASK), 401));
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aWrongBearerIsNotMadeGoodByAnotherHeader() {
        ErrorCheck.error(gateway.chat(ASK, "authorization", "Bearer wrong", "x-api-key", "key-one"), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_key=key-one", "key=key-one", "access_token=key-one", "authorization=Bearer%20key-one"})
    void aKeyInTheQueryIsNoKey(String query) {
        ErrorCheck.error(gateway.post("/v1/chat/completions?" + query, ASK), 401);
        ErrorCheck.error(gateway.get("/v1/models?" + query), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/models", "/v1/models/demo", "/models/demo", "/v1/providers"})
    void theSmallDoorsAskForAKeyToo(String path) {
        ErrorCheck.error(gateway.get(path), 401);
    }

    @Test
    void aCallWithoutAKeyLearnsNothingOfItsBody() {
        ErrorCheck.error(gateway.chat("not json"), 401);
        ErrorCheck.error(gateway.chat(Answers.ask("nobody", false), "x-provider", "nobody"), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
    void healthIsOpen(String path) {
        assertThat(gateway.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void theUpstreamGetsItsOwnKeyAndNothingOfTheClients() {
        upstream.reset();
        gateway.chat(
                ASK,
                "authorization",
                "Bearer key-one",
                "x-api-key",
                "key-two",
                "api-key",
                "leak",
                "x-goog-api-key",
                "leak",
                "openai-organization",
                "leak",
                "openai-project",
                "leak",
                "cookie",
                "leak",
                "x-stainless-lang",
                "leak",
                "x-forwarded-for",
                "leak",
                "x-custom",
                "leak");
        assertThat(upstream.last().header("authorization")).isEqualTo("Bearer upstream-key");
        assertThat(upstream.last().headers().keySet())
                .containsExactlyInAnyOrder(
                        "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent");
        assertThat(upstream.last().headers().toString()).doesNotContain("leak", "key-one", "key-two");
    }
}
