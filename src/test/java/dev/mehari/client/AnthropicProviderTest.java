package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletion;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client talks to Claude. */
class AnthropicProviderTest {
    private static final String MODEL = "claude-sonnet-4-5";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.anthropic.base-url=http://127.0.0.1:" + upstream.port(),
                "mehari.providers.anthropic.api-key=upstream-key",
                "mehari.providers.anthropic.pool.warm-up=0",
                "mehari.routing.cooldown.longest=0s");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static String fixture(String file) {
        try {
            return Files.readString(Path.of("src/test/resources/anthropic").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChatCompletion whole(String golden, ChatCompletionCreateParams ask) {
        upstream.answer(Script.json(200, fixture(golden + "/upstream-answer.json")));
        return client.create(ask);
    }

    private static ChatCompletion streamed(String golden, ChatCompletionCreateParams ask) {
        upstream.answer(Script.stream()
                .chunk(fixture("stream-" + golden + "/upstream-answer.sse"))
                .endChunks());
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = client.stream(ask)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    private static ChatCompletion.Choice choice(ChatCompletion answer) {
        return answer.choices().getFirst();
    }

    @Test
    void aPlainCall() {
        ChatCompletion answer = whole("basic", Sdk.ask(MODEL).build());
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(choice(answer).message().content()).hasValue("Hello! How can I help?");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(19);
        Request sent = upstream.last();
        assertThat(sent.path()).isEqualTo("/v1/messages");
        assertThat(sent.header("x-api-key")).isEqualTo("upstream-key");
        assertThat(sent.header("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(sent.headers()).doesNotContainKey("authorization");
    }

    @Test
    void aStreamAddsUp() {
        ChatCompletion answer = streamed("basic", Sdk.ask(MODEL).build());
        assertThat(choice(answer).message().content()).hasValue("Hello! How can I help 🐪 駱駝?");
        assertThat(choice(answer).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    private static ChatCompletionCreateParams.Builder askWithTools() {
        ChatCompletionCreateParams.Builder ask = Sdk.ask(MODEL);
        for (String name : List.of("get_weather", "now")) {
            ask.addFunctionTool(FunctionDefinition.builder()
                    .name(name)
                    .parameters(FunctionParameters.builder()
                            .putAdditionalProperty("type", JsonValue.from("object"))
                            .putAdditionalProperty("properties", JsonValue.from(Map.of()))
                            .build())
                    .build());
        }
        return ask;
    }

    @Test
    void parallelToolCallsGoThereAndBack() throws Exception {
        for (boolean stream : List.of(true, false)) {
            ChatCompletionCreateParams.Builder talk = askWithTools();
            ChatCompletion first =
                    stream ? streamed("parallel-tool-calls", talk.build()) : whole("parallel-tool-calls", talk.build());
            assertThat(choice(first).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
            List<ChatCompletionMessageFunctionToolCall> calls =
                    choice(first).message().toolCalls().orElseThrow().stream()
                            .map(call -> call.asFunction())
                            .toList();
            assertThat(calls).extracting(call -> call.id()).containsExactly("toolu_01A", "toolu_01B", "toolu_01C");
            talk.addMessage(choice(first).message());
            for (ChatCompletionMessageFunctionToolCall call : calls.reversed()) {
                talk.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("result of " + call.id())
                        .build());
            }
            whole("basic", talk.build());
            JsonNode sent = new ObjectMapper().readTree(upstream.last().body()).path("messages");
            assertThat(sent).hasSize(3);
            assertThat(sent.at("/1/content").findValuesAsText("name"))
                    .containsExactly("get_weather", "get_weather", "now");
            assertThat(sent.at("/1/content/0/input/city").textValue()).isEqualTo("Paris");
            assertThat(sent.at("/1/content/1/input/city").textValue()).isEqualTo("Rome");
            assertThat(sent.at("/1/content/2/input")).isEmpty();
            assertThat(sent.at("/2/content").findValuesAsText("tool_use_id"))
                    .containsExactly("toolu_01A", "toolu_01B", "toolu_01C");
            assertThat(sent.at("/2/content/2/content").textValue()).isEqualTo("result of toolu_01C");
        }
    }

    /** What the answer must hold. */
    @SuppressWarnings("unused")
    static class Person {
        public String name;
        public int age;
        public List<String> tags;
    }

    @Test
    void structuredOutput() throws Exception {
        upstream.answer(Script.json(200, fixture("json-schema/upstream-answer.json")));
        StructuredChatCompletion<Person> answer =
                client.create(Sdk.ask(MODEL).responseFormat(Person.class).build());
        Person person = answer.choices().getFirst().message().content().orElseThrow();
        assertThat(person.name).isEqualTo("Ann");
        assertThat(person.age).isEqualTo(3);
        JsonNode sent = new ObjectMapper().readTree(upstream.last().body());
        assertThat(sent.at("/output_config/format/type").textValue()).isEqualTo("json_schema");
        assertThat(sent.at("/output_config/format/schema/additionalProperties").booleanValue())
                .isFalse();
    }

    @Test
    void aModelWithoutStructuredOutputGivesItByATool() {
        ChatCompletionCreateParams ask = ChatCompletionCreateParams.builder()
                .model("claude-sonnet-4-20250514")
                .addUserMessage("hi")
                .responseFormat(Person.class)
                .build()
                .rawParams();
        for (ChatCompletion answer : List.of(whole("json-schema-by-tool", ask), streamed("json-schema-by-tool", ask))) {
            assertThat(choice(answer).message().content()).hasValue("{\"name\":\"Ann\",\"age\":3,\"tags\":[]}");
            assertThat(choice(answer).message().toolCalls().orElse(List.of())).isEmpty();
            assertThat(choice(answer).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        }
    }

    @Test
    void theFirstTokenLeavesBeforeTheSecondArrives() {
        CountDownLatch second = new CountDownLatch(1);
        String[] records = fixture("stream-basic/upstream-answer.sse").split("(?<=\n\n)");
        Script script = Script.stream();
        for (String record : records) {
            if (record.contains("駱駝")) {
                script.await(second);
            }
            script.chunk(record);
        }
        upstream.answer(script.endChunks());
        try (RawClient raw = RawClient.chat(gateway, Answers.ask(MODEL, true))) {
            raw.head();
            assertThat(raw.chunksUpTo("Hello!")).contains("\"content\":\"Hello!\"");
            second.countDown();
            assertThat(raw.chunks()).contains("駱駝").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void aClientThatLeavesClosesTheCallWithinASecond() throws Exception {
        upstream.reset();
        upstream.answer(
                Script.stream().chunk(fixture("stream-cut/upstream-answer.sse")).hang());
        StreamResponse<ChatCompletionChunk> stream =
                client.stream(Sdk.ask(MODEL).build());
        assertThat(stream.stream().findFirst()).isPresent();
        stream.close();
        upstream.awaitRequest().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void aClientThatLeavesBeforeTheFirstTokenDoesToo() throws Exception {
        upstream.reset();
        upstream.answer(Script.stream()
                .chunk(fixture("stream-cut-before-the-first-token/upstream-answer.sse"))
                .hang());
        RawClient raw = RawClient.chat(gateway, Answers.ask(MODEL, true));
        Request asked = upstream.awaitRequest();
        assertThat(raw.hearsNothingFor(Duration.ofMillis(100))).isTrue();
        raw.close();
        asked.closed().await(Duration.ofSeconds(1));
    }

    @Test
    void errorsAreTheExceptionsThatTheClientKnows() {
        upstream.answer(Script.json(400, fixture("error-context-length/upstream-answer.400.json")));
        BadRequestException tooLong = catchThrowableOfType(
                BadRequestException.class, () -> client.create(Sdk.ask(MODEL).build()));
        assertThat(tooLong.code()).hasValue("context_length_exceeded");
        upstream.answer(Script.json(429, fixture("error-rate-limit/upstream-answer.429.json"), "retry-after", "7"));
        RateLimitException limited = catchThrowableOfType(
                RateLimitException.class, () -> client.create(Sdk.ask(MODEL).build()));
        assertThat(limited.headers().values("retry-after")).containsExactly("7");
        upstream.answer(Script.json(529, fixture("error-overloaded/upstream-answer.529.json"), "retry-after", "3"));
        InternalServerException overloaded = catchThrowableOfType(
                InternalServerException.class,
                () -> client.create(Sdk.ask(MODEL).build()));
        assertThat(overloaded.statusCode()).isEqualTo(503);
        assertThat(overloaded.headers().values("retry-after")).containsExactly("3");
    }

    @Test
    void aFailureInTheMiddleOfAStream() {
        upstream.answer(Script.stream()
                .chunk(fixture("stream-error-in-the-middle/upstream-answer.sse"))
                .endChunks());
        SseException failure = catchThrowableOfType(SseException.class, () -> {
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.stream(Sdk.ask(MODEL).build())) {
                stream.stream().forEach(chunk -> {});
            }
        });
        assertThat(failure.getMessage()).contains("Overloaded");
    }
}
