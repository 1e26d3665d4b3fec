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
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own client before Gemini. */
@Timeout(30)
class GeminiSdkTest {
    private static final String MODEL = "gemini-3-pro-preview";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.gemini.base-url=http://127.0.0.1:" + upstream.port(),
                "mehari.providers.gemini.api-key=google-key");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
    }

    @Test
    void aPlainCall() {
        upstream.answer(Script.json(200, GeminiAnswers.response("STOP", GeminiAnswers.text("hello there"))));
        ChatCompletion answer = client.create(Sdk.ask(MODEL).build());
        assertThat(Sdk.said(answer)).isEqualTo("hello there");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(6);
        assertThat(answer.validate()).isSameAs(answer);
        Request request = upstream.last();
        assertThat(request.path()).isEqualTo("/v1beta/models/gemini-3-pro-preview:generateContent");
        assertThat(request.header("x-goog-api-key")).isEqualTo("google-key");
        assertThat(request.header("authorization")).isNull();
    }

    @Test
    void aStreamAddsUp() {
        upstream.answer(GeminiAnswers.stream("Hel", "lo ", "駱駝 🐪"));
        ChatCompletion answer = client.accumulate(Sdk.ask(MODEL)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
        assertThat(Sdk.said(answer)).isEqualTo("Hello 駱駝 🐪");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(6);
        assertThat(upstream.last().path())
                .isEqualTo("/v1beta/models/gemini-3-pro-preview:streamGenerateContent?alt=sse");
    }

    private static ChatCompletionCreateParams.Builder withWeather() {
        return Sdk.ask(MODEL)
                .addFunctionTool(FunctionDefinition.builder()
                        .name("weather")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of())))
                                .build())
                        .build());
    }

    private static final Script TWO_CALLS = Script.stream()
            .event(GeminiAnswers.response(null, GeminiAnswers.call("weather", "{\"city\":\"Paris\"}", "c2ln")))
            .event(GeminiAnswers.response("STOP", GeminiAnswers.call("weather", "{\"city\":\"Rome\"}", null)))
            .endChunks();

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletion answer) {
        return answer.choices().getFirst().message().toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .toList();
    }

    /** The next turn: both results, in the other order. */
    private static void answerBoth(
            ChatCompletionCreateParams.Builder talk, List<ChatCompletionMessageFunctionToolCall> calls) {
        for (int i = 1; i >= 0; i--) {
            talk.addMessage(ChatCompletionToolMessageParam.builder()
                    .toolCallId(calls.get(i).id())
                    .content("{\"degrees\":" + i + "}")
                    .build());
        }
        upstream.answer(Script.json(200, GeminiAnswers.response("STOP", GeminiAnswers.text("cold"))));
    }

    @Test
    void parallelCallsOfOneFunctionGoRoundWithTheirSignature() throws Exception {
        upstream.answer(TWO_CALLS);
        ChatCompletionCreateParams.Builder talk = withWeather();
        ChatCompletion first = client.accumulate(talk.build());
        List<ChatCompletionMessageFunctionToolCall> calls = calls(first);
        assertThat(calls)
                .extracting(call -> call.function().arguments())
                .containsExactly("{\"city\":\"Paris\"}", "{\"city\":\"Rome\"}");
        assertThat(calls).extracting(call -> call.id()).doesNotHaveDuplicates().allMatch(id -> id.matches("call_\\w+"));
        talk.addMessage(first.choices().getFirst().message());
        answerBoth(talk, calls);
        assertThat(Sdk.said(client.create(talk.build()))).isEqualTo("cold");
        JsonNode sent = upstream.last().json();
        assertThat(sent.at("/contents")).hasSize(3);
        assertThat(sent.at("/contents/1/parts/0/thoughtSignature").asText()).isEqualTo("c2ln");
        assertThat(sent.at("/contents/1/parts/1").has("thoughtSignature")).isFalse();
        assertThat(sent.at("/contents/1/parts/1/functionCall/args/city").asText())
                .isEqualTo("Rome");
        assertThat(sent.at("/contents/2/parts/0/functionResponse/response/degrees")
                        .asInt())
                .isZero();
        assertThat(sent.at("/contents/2/parts/1/functionResponse/response/degrees")
                        .asInt())
                .isEqualTo(1);
        assertThat(sent.at("/contents/2/parts/1/functionResponse/id").asText())
                .isEqualTo(sent.at("/contents/1/parts/1/functionCall/id").asText());
    }

    @Test
    void aClientThatForgetsTheSignatureIsHelpedOut() throws Exception {
        upstream.answer(TWO_CALLS);
        ChatCompletionCreateParams.Builder talk = withWeather();
        List<ChatCompletionMessageFunctionToolCall> calls = calls(client.accumulate(talk.build()));
        ChatCompletionAssistantMessageParam.Builder bare = ChatCompletionAssistantMessageParam.builder();
        calls.forEach(call -> bare.addToolCall(ChatCompletionMessageFunctionToolCall.builder()
                .id(call.id())
                .function(ChatCompletionMessageFunctionToolCall.Function.builder()
                        .name(call.function().name())
                        .arguments(call.function().arguments())
                        .build())
                .build()));
        talk.addMessage(bare.build());
        answerBoth(talk, calls);
        client.create(talk.build());
        assertThat(upstream.last()
                        .json()
                        .at("/contents/1/parts/0/thoughtSignature")
                        .asText())
                .isEqualTo("c2ln");
    }

    @Test
    void aSchemaForTheAnswer() throws Exception {
        upstream.answer(Script.json(200, GeminiAnswers.response("STOP", GeminiAnswers.text("{\\\"n\\\":1}"))));
        ChatCompletion answer = client.create(Sdk.ask(MODEL)
                .responseFormat(ResponseFormatJsonSchema.builder()
                        .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("thing")
                                .strict(true)
                                .schema(ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                                .build())
                        .build())
                .build());
        assertThat(Sdk.said(answer)).isEqualTo("{\"n\":1}");
        assertThat(upstream.last()
                        .json()
                        .at("/generationConfig/responseJsonSchema/type")
                        .asText())
                .isEqualTo("object");
    }

    @Test
    void aClientThatLeavesClosesTheUpstreamWithinASecond() throws Exception {
        upstream.answer(Script.stream()
                .event(GeminiAnswers.response(null, GeminiAnswers.text("one")))
                .hang());
        StreamResponse<ChatCompletionChunk> stream =
                client.stream(Sdk.ask(MODEL).build());
        Request request = upstream.awaitRequest();
        assertThat(stream.stream().findFirst()).isPresent();
        stream.close();
        request.closed().await(Duration.ofSeconds(1));
    }

    @Test
    void theFirstTokenLeavesBeforeTheSecondArrives() {
        CountDownLatch seen = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(GeminiAnswers.response(null, GeminiAnswers.text("one")))
                .await(seen)
                .event(GeminiAnswers.response("STOP", GeminiAnswers.text("two")))
                .endChunks());
        try (RawClient raw = RawClient.chat(gateway, Answers.ask(MODEL, true))) {
            assertThat(raw.head()).contains("200");
            assertThat(raw.chunksUpTo("\"content\":\"one\"")).doesNotContain("two");
            seen.countDown();
            assertThat(raw.chunksUpTo("[DONE]")).contains("\"content\":\"two\"");
        }
    }

    @Test
    void errorsAreTheClientsOwn() {
        upstream.answer(
                Script.json(429, GeminiAnswers.error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.")));
        assertThatThrownBy(() -> client.create(Sdk.ask("gemini-2.5-flash").build()))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("You exceeded your current quota.");
        upstream.answer(Script.json(400, GeminiAnswers.error(400, "INVALID_ARGUMENT", "Unable to process input.")));
        assertThatThrownBy(() -> client.create(Sdk.ask("gemini-2.5-pro").build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Unable to process input.");
    }
}
