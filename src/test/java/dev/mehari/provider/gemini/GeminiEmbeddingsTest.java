package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Embeddings of Google's, by both ways in. */
@Timeout(30)
class GeminiEmbeddingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.gemini.base-url=http://127.0.0.1:" + upstream.port(),
                "mehari.providers.vertex.base-url=http://127.0.0.1:" + upstream.port(),
                "mehari.providers.vertex.google.project=p");
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

    private static HttpResponse<String> embed(String json) {
        return gateway.post("/v1/embeddings", json);
    }

    private static JsonNode read(String json) throws Exception {
        return JSON.readTree(json);
    }

    @Test
    void aiStudioTakesABatch() throws Exception {
        upstream.answer(Script.json(200, "{\"embeddings\":[{\"values\":[0.5,-1]},{\"values\":[2e-3,0]}]}"));
        HttpResponse<String> answer = embed("{\"model\":\"gemini-embedding-001\",\"input\":[\"a\",\"b\"],"
                + "\"dimensions\":2,\"task_type\":\"RETRIEVAL_QUERY\",\"user\":\"u\"}");
        assertThat(read(answer.body()))
                .isEqualTo(read(
                        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,-1.0]},"
                                + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.002,0.0]}],"
                                + "\"model\":\"gemini-embedding-001\"}"));
        assertThat(answer.headers().firstValue("x-mehari-dropped-params")).contains("user");
        assertThat(upstream.last().path()).isEqualTo("/v1beta/models/gemini-embedding-001:batchEmbedContents");
        assertThat(read(upstream.last().body()).at("/requests/1"))
                .isEqualTo(read("{\"model\":\"models/gemini-embedding-001\",\"content\":{\"parts\":[{\"text\":\"b\"}]},"
                        + "\"taskType\":\"RETRIEVAL_QUERY\",\"outputDimensionality\":2}"));
    }

    @Test
    void aLargeBatchGoesInSeveralRequestsAndKeepsItsOrder() throws Exception {
        upstream.answer(request -> {
            String vectors = java.util.Arrays.stream(request.body().split("\"text\":\""))
                    .skip(1)
                    .map(text -> "{\"values\":[" + text.substring(0, text.indexOf('"')) + "]}")
                    .collect(Collectors.joining(","));
            return Script.json(200, "{\"embeddings\":[" + vectors + "]}");
        });
        String inputs = IntStream.range(0, 230).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        JsonNode data = read(embed("{\"model\":\"gemini-embedding-001\",\"input\":[" + inputs + "]}")
                        .body())
                .at("/data");
        assertThat(upstream.requests()).hasSize(3);
        assertThat(data).hasSize(230);
        for (int i = 0; i < 230; i++) {
            assertThat(data.path(i).at("/embedding/0").asInt()).isEqualTo(i);
        }
    }

    @Test
    void vertexPredictsAndCounts() throws Exception {
        upstream.answer(Script.json(
                200,
                "{\"predictions\":[{\"embeddings\":{\"statistics\":{\"truncated\":false,\"token_count\":3.0},\"values\":[1]}},"
                        + "{\"embeddings\":{\"values\":[2],\"statistics\":{\"token_count\":4}}}],"
                        + "\"metadata\":{\"billableCharacterCount\":2}}"));
        JsonNode answer = read(embed("{\"model\":\"vertex/text-embedding-005\",\"input\":[\"a\",\"b\"]}")
                .body());
        assertThat(answer.at("/data/1/embedding/0").asInt()).isEqualTo(2);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(7);
        assertThat(answer.path("provider_fields"))
                .isEqualTo(read("{\"gemini\":{\"statistics\":[{\"index\":0,\"truncated\":false,\"token_count\":3.0},"
                        + "{\"index\":1,\"token_count\":4}],\"metadata\":[{\"billableCharacterCount\":2}]}}"));
        assertThat(upstream.last().path())
                .isEqualTo("/v1/projects/p/locations/global/publishers/google/models/text-embedding-005:predict");
        assertThat(read(upstream.last().body()))
                .isEqualTo(read("{\"instances\":[{\"content\":\"a\"},{\"content\":\"b\"}],\"parameters\":{}}"));
    }

    @Test
    void vertexTakesOneTextAtATimeForGeminisOwn() throws Exception {
        upstream.answer(
                Script.json(
                        200,
                        "{\"predictions\":[{\"embeddings\":{\"statistics\":{\"truncated\":true,\"token_count\":3},\"values\":[1]}}]}"));
        JsonNode answer = read(embed("{\"model\":\"vertex/gemini-embedding-001\",\"input\":[\"a\",\"b\"]}")
                .body());
        assertThat(upstream.requests()).hasSize(2);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
        assertThat(answer.at("/provider_fields/gemini/statistics/1/index").asInt())
                .isOne();
        assertThat(answer.at("/provider_fields/gemini/statistics/1/truncated").asBoolean())
                .isTrue();
        assertThat(answer.at("/data")).hasSize(2);
    }

    @Test
    void tokensAreTextOfAnothersModel() {
        HttpResponse<String> answer = embed("{\"model\":\"gemini-embedding-001\",\"input\":[1,2]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("input must be text");
    }

    @Test
    void failuresAreSaid() {
        upstream.answer(Script.json(200, "{\"embeddings\":[{\"values\":[1]}]}"));
        assertThat(embed("{\"model\":\"gemini-embedding-001\",\"input\":[\"a\",\"b\"]}")
                        .body())
                .contains("1 vectors for 2 inputs");
        upstream.answer(Script.json(200, "{\"embeddings\":[]}"));
        assertThat(embed("{\"model\":\"gemini-embedding-001\",\"input\":\"a\"}").statusCode())
                .isEqualTo(502);
        upstream.answer(Script.json(404, GeminiAnswers.error(404, "NOT_FOUND", "no such model")));
        assertThat(embed("{\"model\":\"gemini-embedding-9\",\"input\":\"a\"}").statusCode())
                .isEqualTo(404);
    }
}
