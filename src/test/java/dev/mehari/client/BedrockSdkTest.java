package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own client in front of Bedrock. */
@Timeout(30)
class BedrockSdkTest {
    private static final String MODEL = "us.amazon.nova-pro-v1:0";
    private static final String START = "event messageStart {\"role\":\"assistant\"}";
    private static final String METADATA =
            "event metadata {\"usage\":{\"inputTokens\":3,\"outputTokens\":2,\"totalTokens\":5},\"metrics\":{\"latencyMs\":1}}";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.api-key=ABSKupstream",
                "mehari.providers.bedrock.pool.warm-up=0",
                "mehari.providers.bedrock.aws.guardrail-id=gr-7",
                "mehari.providers.bedrock.aws.guardrail-version=3");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static String answer(String content, String reason) {
        return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[" + content + "]}},\"stopReason\":\""
                + reason
                + "\",\"usage\":{\"inputTokens\":9,\"outputTokens\":12,\"totalTokens\":21},\"metrics\":{\"latencyMs\":1}}";
    }

    private static String text(String text) {
        return "event contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + text + "\"}}";
    }

    @Test
    void aPlainCall() throws Exception {
        upstream.answer(Script.json(200, answer("{\"text\":\"hello there\"}", "end_turn")));
        ChatCompletion answer = client.create(Sdk.ask(MODEL).build());
        assertThat(Sdk.said(answer)).isEqualTo("hello there");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(21);
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(upstream.last().path()).isEqualTo("/model/us.amazon.nova-pro-v1%3A0/converse");
        assertThat(upstream.last().header("authorization")).isEqualTo("Bearer ABSKupstream");
        assertThat(upstream.last()
                        .json()
                        .at("/guardrailConfig/guardrailIdentifier")
                        .asText())
                .isEqualTo("gr-7");
        assertThat(upstream.last()
                        .json()
                        .at("/guardrailConfig/guardrailVersion")
                        .asText())
                .isEqualTo("3");
    }

    @Test
    void theOperatorsGuardrailIsNotTheClientsToChange() throws Exception {
        upstream.answer(Script.json(200, answer("{\"text\":\"hi\"}", "end_turn")));
        client.create(Sdk.ask(MODEL)
                .putAdditionalBodyProperty(
                        "guardrailConfig",
                        JsonValue.from(Map.of("guardrailIdentifier", "none", "guardrailVersion", "1")))
                .build());
        assertThat(upstream.last()
                        .json()
                        .at("/guardrailConfig/guardrailIdentifier")
                        .asText())
                .isEqualTo("gr-7");
    }

    @Test
    void aStreamAddsUp() {
        upstream.answer(EventFrames.stream(
                START, text("Hel"), text("lo 🐪"), "event messageStop {\"stopReason\":\"end_turn\"}", METADATA));
        ChatCompletion answer = client.accumulate(Sdk.ask(MODEL)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
        assertThat(Sdk.said(answer)).isEqualTo("Hello 🐪");
        assertThat(answer.usage().orElseThrow().promptTokens()).isEqualTo(3);
        assertThat(upstream.last().path()).isEqualTo("/model/us.amazon.nova-pro-v1%3A0/converse-stream");
    }

    @Test
    void parallelToolCallsGoRoundTrip() throws Exception {
        upstream.answer(EventFrames.stream(
                START,
                "event contentBlockStart {\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_a\",\"name\":\"f\"}}}",
                "event contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"{\\\"x\\\": 1.50}\"}}}",
                "event contentBlockStop {\"contentBlockIndex\":0}",
                "event contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_b\",\"name\":\"f\"}}}",
                "event contentBlockStop {\"contentBlockIndex\":1}",
                "event messageStop {\"stopReason\":\"tool_use\"}",
                METADATA));
        ChatCompletionCreateParams.Builder talk = Sdk.ask(MODEL)
                .addFunctionTool(FunctionDefinition.builder()
                        .name("f")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty("properties", JsonValue.from(Map.of()))
                                .build())
                        .build());
        ChatCompletion first = client.accumulate(talk.build());
        assertThat(first.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageFunctionToolCall> calls =
                first.choices().getFirst().message().toolCalls().orElseThrow().stream()
                        .map(call -> call.asFunction())
                        .toList();
        assertThat(calls).extracting(call -> call.id()).containsExactly("tooluse_a", "tooluse_b");
        assertThat(calls).extracting(call -> call.function().arguments()).containsExactly("{\"x\": 1.50}", "{}");

        talk.addMessage(first.choices().getFirst().message());
        for (String id : List.of("tooluse_b", "tooluse_a")) {
            talk.addMessage(ChatCompletionToolMessageParam.builder()
                    .toolCallId(id)
                    .content("result of " + id)
                    .build());
        }
        upstream.answer(Script.json(200, answer("{\"text\":\"done\"}", "end_turn")));
        assertThat(Sdk.said(client.create(talk.build()))).isEqualTo("done");
        JsonNode messages = upstream.last().json().path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.at("/1/content/0/toolUse/toolUseId").asText()).isEqualTo("tooluse_a");
        assertThat(upstream.last().body()).contains("\"input\":{\"x\": 1.50}");
        assertThat(messages.at("/1/content/1/toolUse/input")).isEmpty();
        assertThat(messages.at("/2/content/0/toolResult/toolUseId").asText()).isEqualTo("tooluse_a");
        assertThat(messages.at("/2/content/1/toolResult/content/0/text").asText())
                .isEqualTo("result of tooluse_b");
    }

    @Test
    void structuredOutput() throws Exception {
        upstream.answer(Script.json(
                200, answer("{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"json\",\"input\":{\"a\":1}}}", "tool_use")));
        ChatCompletion answer = client.create(Sdk.ask(MODEL)
                .responseFormat(ResponseFormatJsonSchema.builder()
                        .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("answer")
                                .schema(ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .putAdditionalProperty(
                                                "properties", JsonValue.from(Map.of("a", Map.of("type", "integer"))))
                                        .build())
                                .build())
                        .build())
                .build());
        assertThat(Sdk.said(answer)).isEqualTo("{\"a\":1}");
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(upstream.last().json().at("/toolConfig/toolChoice/tool/name").asText())
                .isEqualTo("json");
    }

    @Test
    void errorsAreTyped() {
        upstream.answer(Script.json(
                429,
                "{\"message\":\"Too many requests\"}",
                "x-amzn-ErrorType",
                "ThrottlingException:http://internal/"));
        assertThatThrownBy(() -> client.create(Sdk.ask(MODEL).build())).isInstanceOf(RateLimitException.class);
        upstream.answer(
                Script.json(400, "{\"message\":\"Input is too long.\"}", "x-amzn-ErrorType", "ValidationException"));
        assertThatThrownBy(() -> client.create(Sdk.ask(MODEL).build()))
                .isInstanceOfSatisfying(BadRequestException.class, failure -> assertThat(failure.code())
                        .contains("context_length_exceeded"));
    }

    @Test
    void theFirstTokenLeavesBeforeTheSecondArrives() {
        CountDownLatch firstWasRead = new CountDownLatch(1);
        upstream.answer(EventFrames.stream()
                .chunk(EventFrames.of(List.of(START, text("one"))))
                .await(firstWasRead)
                .chunk(EventFrames.of(
                        List.of(text("two"), "event messageStop {\"stopReason\":\"end_turn\"}", METADATA)))
                .endChunks());
        try (StreamResponse<ChatCompletionChunk> stream =
                client.stream(Sdk.ask(MODEL).build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            String first = "";
            while (first.isEmpty()) {
                first = chunks.next().choices().getFirst().delta().content().orElse("");
            }
            assertThat(first).isEqualTo("one");
            firstWasRead.countDown();
            assertThat(chunks.next().choices().getFirst().delta().content()).contains("two");
        }
    }

    @Test
    void aClientThatLeavesClosesTheUpstream() throws InterruptedException {
        upstream.reset();
        upstream.answer(EventFrames.stream()
                .chunk(EventFrames.of(List.of(START, text("half"))))
                .hang());
        StreamResponse<ChatCompletionChunk> stream =
                client.stream(Sdk.ask(MODEL).build());
        assertThat(stream.stream().findFirst()).isPresent();
        stream.close();
        upstream.awaitRequest().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void aFrameThatWasDamagedAfterTheFirstWordEndsTheStreamWithAnError() {
        byte[] damaged = EventFrames.of(List.of(text("two")));
        damaged[damaged.length - 1] ^= 1;
        upstream.answer(EventFrames.stream()
                .chunk(EventFrames.of(List.of(START, text("one"))))
                .chunk(damaged)
                .endChunks());
        String body = gateway.chat(dev.mehari.testing.Answers.ask(MODEL, true)).body();
        assertThat(body)
                .contains("\"one\"", "wrong checksum", "upstream_protocol_error")
                .doesNotContain("[DONE]");
    }
}
