package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.mehari.chat.Json;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own client finds Azure behind the gateway, by a key and with addresses below {@code /openai/v1}. */
@Timeout(30)
class OpenAiSdkAzureTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.azure.base-url=http://127.0.0.1:" + upstream.port(),
                "mehari.providers.azure.api-key=azure-key",
                "mehari.providers.azure.pool.warm-up=0",
                "mehari.providers.azure.deployments.gpt-4o=prod-4o");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static GoldenCase golden(String name) {
        return new GoldenCase(Path.of("src/test/resources/azure", name));
    }

    /** What Azure answers in a golden case. */
    private static Script played(String name) {
        GoldenCase golden = golden(name);
        byte[] body = golden.upstreamAnswer();
        return golden.isStream()
                ? Script.stream().chunk(body).endChunks()
                : new Script()
                        .head(golden.status(), golden.contentType(), body.length)
                        .send(body);
    }

    private static ChatCompletionCreateParams.Builder ask() {
        return Sdk.ask("azure/gpt-4o");
    }

    @Test
    void aPlainCall() {
        upstream.answer(played("basic"));
        ChatCompletion answer = client.create(ask().build());
        assertThat(Sdk.said(answer)).isEqualTo("Hello!");
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(answer._additionalProperties()).containsKey("prompt_filter_results");
        assertThat(upstream.last().path()).isEqualTo("/openai/v1/chat/completions");
        assertThat(upstream.last().header("api-key")).isEqualTo("azure-key");
        assertThat(upstream.last().headers()).doesNotContainKey("authorization");
        assertThat(upstream.last().body()).contains("\"model\":\"prod-4o\"");
    }

    @Test
    void aStream() {
        upstream.answer(played("stream-basic"));
        assertThat(Sdk.said(client.accumulate(ask().build()))).isEqualTo("Hello!");
    }

    @Test
    void parallelToolCallsThereAndBack() throws Exception {
        ChatCompletionCreateParams.Builder talk = ask().addFunctionTool(FunctionDefinition.builder()
                .name("weather")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of()))
                        .build())
                .build());
        upstream.answer(played("stream-tool-calls"));
        ChatCompletion first = client.accumulate(talk.build());
        List<ChatCompletionMessageToolCall> calls =
                first.choices().getFirst().message().toolCalls().orElseThrow();
        assertThat(calls)
                .extracting(call -> call.asFunction().function().arguments())
                .containsExactly("{\"city\":\"Paris\"}", "{\"city\":\"Zürich\"}");
        talk.addMessage(first.choices().getFirst().message());
        calls.forEach(call -> talk.addMessage(ChatCompletionToolMessageParam.builder()
                .toolCallId(call.asFunction().id())
                .content("12 °C")
                .build()));
        upstream.answer(played("tool-results"));
        assertThat(Sdk.said(client.create(talk.build()))).isEqualTo("12 °C in Paris.");
        JsonNode sent = Json.MAPPER.readTree(upstream.last().body());
        assertThat(sent.at("/messages/1/tool_calls/1/function/arguments").textValue())
                .isEqualTo("{\"city\":\"Zürich\"}");
        assertThat(sent.at("/messages/3/tool_call_id").textValue()).isEqualTo("call_2");
    }

    @Test
    void structuredOutput() {
        upstream.answer(played("structured-output"));
        ResponseFormatJsonSchema.JsonSchema schema = ResponseFormatJsonSchema.JsonSchema.builder()
                .name("city")
                .strict(true)
                .schema(JsonValue.from(Map.of("type", "object")))
                .build();
        ChatCompletion answer = client.create(ask().responseFormat(
                        ResponseFormatJsonSchema.builder().jsonSchema(schema).build())
                .build());
        assertThat(Sdk.said(answer)).isEqualTo("{\"name\":\"Paris\"}");
        assertThat(upstream.last().body()).contains("\"json_schema\":{\"name\":\"city\"");
    }

    @Test
    void errorsAreTyped() {
        upstream.answer(played("error-prompt-filtered"));
        assertThatThrownBy(() -> client.create(ask().build()))
                .isInstanceOfSatisfying(BadRequestException.class, refused -> assertThat(refused.code())
                        .contains("content_filter"))
                .hasMessageContaining("(filtered: jailbreak, violence)");
        upstream.answer(played("error-deployment-not-found"));
        assertThatThrownBy(() -> client.accumulate(ask().build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("deployment for this resource does not exist");
    }

    @Test
    void theFirstTokenLeavesBeforeTheSecondArrives() {
        List<String> records = GoldenCase.text(golden("stream-basic").folder().resolve("upstream-answer.sse"))
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line + "\n\n")
                .toList();
        CountDownLatch seen = new CountDownLatch(1);
        Script script = Script.stream();
        records.subList(0, 3).forEach(script::chunk);
        script.await(seen);
        records.subList(3, records.size()).forEach(script::chunk);
        upstream.answer(script.endChunks());
        try (StreamResponse<ChatCompletionChunk> stream = client.stream(ask().build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            chunks.next();
            assertThat(chunks.next().choices().getFirst().delta().content()).contains("Hel");
            seen.countDown();
            assertThat(chunks.next().choices().getFirst().delta().content()).contains("lo!");
        }
    }

    @Test
    void aClientThatLeavesClosesTheCallToAzure() throws Exception {
        upstream.reset();
        String role = GoldenCase.text(golden("stream-basic").folder().resolve("upstream-answer.sse"))
                .lines()
                .filter(line -> line.contains("\"Hel\""))
                .findFirst()
                .orElseThrow();
        upstream.answer(Script.stream().chunk(role + "\n\n").hang());
        try (StreamResponse<ChatCompletionChunk> stream = client.stream(ask().build())) {
            stream.stream().iterator().next();
        }
        upstream.awaitRequest().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void embeddings() {
        upstream.answer(Script.json(
                200,
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,-0.5]}],"
                        + "\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}"));
        EmbeddingCreateParams ask = EmbeddingCreateParams.builder()
                .model("azure/vectors")
                .input("hi")
                .build();
        assertThat(client.embed(ask).data().getFirst().embedding()).containsExactly(0.5f, -0.5f);
        assertThat(upstream.last().path()).isEqualTo("/openai/v1/embeddings");
        assertThat(upstream.last().body()).contains("\"model\":\"vectors\"");
    }
}
