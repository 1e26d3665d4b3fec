package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own client gets its vectors here, in the form it asked for, whatever the provider makes of that. */
class OpenAiSdkEmbeddingsTest {
    private static final String FLOATS = "{\"object\":\"list\",\"data\":["
            + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.25,-1.5,0.001]},"
            + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[1,2e-5,-0.0]}],"
            + "\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.models[0].name=vectors",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].model=text-embedding-3-small",
                "mehari.models[0].deployments[1].provider=demo",
                "mehari.models[0].deployments[1].model=demo",
                "mehari.models[0].deployments[1].priority=2");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void answerWithFloats() {
        upstream.reset();
        upstream.answer(Script.json(200, FLOATS));
    }

    private static EmbeddingCreateParams.Builder ask(String model) {
        return EmbeddingCreateParams.builder().model(model).inputOfArrayOfStrings(List.of("hello", "Grüße 🐪"));
    }

    private static List<List<Float>> vectors(CreateEmbeddingResponse answer) {
        return answer.data().stream().map(each -> each.embedding()).toList();
    }

    @Test
    void floats() throws Exception {
        CreateEmbeddingResponse answer = client.embed(ask("text-embedding-3-small")
                .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                .dimensions(3)
                .user("u")
                .build());
        assertThat(vectors(answer)).containsExactly(List.of(0.25f, -1.5f, 0.001f), List.of(1f, 2e-5f, -0f));
        assertThat(answer.usage().promptTokens()).isEqualTo(5);
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(upstream.last().path()).isEqualTo("/v1/embeddings");
        assertThat(upstream.last().header("authorization")).isEqualTo("Bearer upstream-key");
        assertThat(Json.MAPPER.readTree(upstream.last().body()))
                .isEqualTo(
                        Json.MAPPER.readTree("{\"model\":\"text-embedding-3-small\",\"input\":[\"hello\",\"Grüße 🐪\"],"
                                + "\"encoding_format\":\"float\",\"dimensions\":3,\"user\":\"u\"}"));
    }

    @Test
    void base64OfAProviderThatGivesFloats() {
        CreateEmbeddingResponse answer = client.embed(ask("text-embedding-3-small")
                .encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64)
                .build());
        assertThat(vectors(answer)).containsExactly(List.of(0.25f, -1.5f, 0.001f), List.of(1f, 2e-5f, -0f));
        assertThat(answer.data().get(1).index()).isEqualTo(1);
    }

    @Test
    void tokensGoAsTheyAre() {
        client.embed(EmbeddingCreateParams.builder()
                .model("text-embedding-ada-002")
                .inputOfArrayOfTokenArrays(List.of(List.of(1L, 2L), List.of(3L)))
                .build());
        assertThat(upstream.last().body()).contains("\"input\":[[1,2],[3]]");
    }

    @Test
    void anotherDeploymentOfTheGroupServes() {
        upstream.answer(Script.json(503, Answers.error("down", "server_error", null)));
        CreateEmbeddingResponse answer =
                client.embed(ask("vectors").dimensions(8).build());
        assertThat(answer.model()).isEqualTo("vectors");
        assertThat(vectors(answer)).hasSize(2).allSatisfy(vector -> assertThat(vector)
                .hasSize(8));
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aGroupsNameIsInTheAnswer() {
        assertThat(client.embed(ask("vectors").build()).model()).isEqualTo("vectors");
        assertThat(upstream.last().body()).contains("\"model\":\"text-embedding-3-small\"");
    }

    @Test
    void theDemoProviderNeedsNoNetwork() {
        CreateEmbeddingResponse answer = client.embed(ask("demo").build());
        CreateEmbeddingResponse again = client.embed(ask("demo").build());
        assertThat(vectors(again)).isEqualTo(vectors(answer));
        assertThat(vectors(answer)).hasSize(2).allSatisfy(vector -> {
            double length = vector.stream().mapToDouble(x -> x * x).sum();
            assertThat(length).isCloseTo(1, within(1e-5));
        });
        assertThat(answer.usage().totalTokens()).isEqualTo(3);
    }

    @Test
    void errorsAreTyped() {
        upstream.answer(Script.json(429, Answers.error("slow down", "requests", "rate_limit_exceeded")));
        assertThatThrownBy(() -> client.embed(ask("text-embedding-3-small").build()))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("slow down");
        assertThatThrownBy(() -> client.embed(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .inputOfArrayOfStrings(List.of())
                        .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("input must not be empty");
    }
}
