package dev.mehari.provider.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings of Titan and Cohere, from the client's door to InvokeModel and back. */
class BedrockEmbeddingsTest {
    private static final String TITAN = "amazon.titan-embed-text-v2:0";
    private static final String COHERE = "cohere.embed-multilingual-v3";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.aws.access-key-id=AKID",
                "mehari.providers.bedrock.aws.secret-access-key=secret");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
    }

    private static HttpResponse<String> embed(String model, String rest) {
        return gateway.post("/v1/embeddings", "{\"model\":\"" + model + "\"," + rest + "}");
    }

    @Test
    void titanTakesOneTextARequest() {
        upstream.answer(request -> Script.json(
                200,
                "{\"embedding\":[0.5,-1],\"inputTextTokenCount\":%d}"
                        .formatted(request.body().contains("one") ? 2 : 3)));
        HttpResponse<String> answer = embed(TITAN, "\"input\":[\"one\",\"two\"],\"dimensions\":256,\"user\":\"u\"");
        assertThat(answer.body())
                .isEqualTo("{\"object\":\"list\",\"data\":["
                        + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,-1.0]},"
                        + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.5,-1.0]}],"
                        + "\"model\":\"" + TITAN + "\",\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}");
        assertThat(answer.headers().firstValue("x-mehari-dropped-params")).contains("user");
        assertThat(upstream.requests())
                .extracting(Request::body)
                .containsExactlyInAnyOrder(
                        "{\"inputText\":\"one\",\"dimensions\":256}", "{\"inputText\":\"two\",\"dimensions\":256}");
        assertThat(upstream.requests())
                .allMatch(request -> request.path().equals("/model/amazon.titan-embed-text-v2%3A0/invoke")
                        && request.header("authorization").startsWith("AWS4-HMAC-SHA256"));
    }

    @Test
    void cohereTakesNinetySixTextsARequest() {
        upstream.answer(request -> {
            int count = request.body().split("\"t\\d", -1).length - 1;
            String vectors = IntStream.range(0, count).mapToObj(i -> "[1]").collect(Collectors.joining(","));
            return Script.json(200, "{\"id\":\"x\",\"embeddings\":{\"float\":[" + vectors + "]}}");
        });
        String inputs = IntStream.range(0, 100).mapToObj(i -> "\"t" + i + "\"").collect(Collectors.joining(","));
        HttpResponse<String> answer =
                embed(COHERE, "\"input\":[" + inputs + "],\"input_type\":\"search_query\",\"truncate\":\"END\"");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"index\":99").doesNotContain("\"index\":100", "prompt_tokens");
        assertThat(upstream.requests()).hasSize(2);
        assertThat(upstream.last().body())
                .contains("\"input_type\":\"search_query\",\"truncate\":\"END\",\"embedding_types\":[\"float\"]");
    }

    @Test
    void whatOfCoheresWasCountedIsInAHeader() {
        upstream.answer(Script.json(
                200,
                "{\"id\":\"e-1\",\"embeddings\":{\"float\":[[1]]},\"response_type\":\"embeddings_by_type\",\"texts\":[\"x\"]}",
                "x-amzn-bedrock-input-token-count",
                "7"));
        assertThat(embed(COHERE, "\"input\":\"x\"").body())
                .contains("\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}")
                .endsWith("\"provider_fields\":{\"bedrock\":{\"answers\":[{\"id\":\"e-1\"}]}}}");
    }

    @Test
    void cohereWithoutTypesIsReadToo() {
        upstream.answer(Script.json(200, "{\"embeddings\":[[0.25]],\"response_type\":\"embeddings_floats\"}"));
        assertThat(embed(COHERE, "\"input\":\"x\",\"encoding_format\":\"base64\"")
                        .body())
                .contains("\"embedding\":\"AACAPg==\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amazon.titan-embed-text-v1", "cohere.embed-english-v3"})
    void aLengthThatTheModelDoesNotHaveIsRefused(String model) {
        HttpResponse<String> answer = embed(model, "\"input\":\"x\",\"dimensions\":64");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"param\":\"dimensions\"", "bedrock");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aModelWithoutEmbeddingsIsToldBeforeAnythingIsSent() {
        HttpResponse<String> answer = embed("amazon.nova-pro-v1:0", "\"input\":\"x\"");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void errorsAreThoseOfChats() {
        upstream.answer(Script.json(429, "{\"message\":\"slow\"}", "x-amzn-errortype", "ThrottlingException"));
        assertThat(embed(TITAN, "\"input\":\"x\"").statusCode()).isEqualTo(429);
        upstream.answer(Script.json(200, "{\"embeddings\":[]}"));
        assertThat(embed(COHERE, "\"input\":\"x\"").body()).contains("0 vectors for 1 input");
        upstream.answer(Script.json(200, "{\"embedding\":[1"));
        assertThat(embed(TITAN, "\"input\":\"x\"").statusCode()).isEqualTo(502);
    }
}
