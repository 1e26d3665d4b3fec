package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client finds OpenAI's API here. */
class OpenAiSdkTest {
    private static final String ODD_ARGUMENTS = "{\"city\": \"Zürich \\\\\\\"🐪\\\\\\\"\",\"unit\":\"c\"}";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream);
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    @Test
    void aPlainCall() {
        upstream.answer(Script.json(200, Answers.json("hello there")));
        ChatCompletion answer = client.create(Sdk.ask("gpt-4o-mini").build());
        assertThat(Sdk.said(answer)).isEqualTo("hello there");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(21);
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(upstream.last().header("authorization")).isEqualTo("Bearer upstream-key");
        assertThat(upstream.last().headers().keySet()).noneMatch(name -> name.startsWith("x-stainless"));
    }

    @Test
    void aBaseUrlWithoutTheVersion() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        try (Sdk bare = new Sdk(gateway.url(), "client-key", Duration.ofSeconds(20))) {
            assertThat(Sdk.said(bare.create(Sdk.ask("gpt-4o-mini").build()))).isEqualTo("hello");
        }
    }

    @Test
    void aStreamAddsUp() {
        upstream.answer(Script.events(Answers.stream("Hel", "lo ", "駱駝 🐪")));
        ChatCompletion answer = client.accumulate(Sdk.ask("gpt-4o-mini").build());
        assertThat(Sdk.said(answer)).isEqualTo("Hello 駱駝 🐪");
        assertThat(answer.usage()).isEmpty();
    }

    @Test
    void usageComesWhenAskedFor() {
        upstream.answer(Script.events(Answers.stream("Hello")));
        ChatCompletion answer = client.accumulate(Sdk.ask("gpt-4o-mini")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(5);
        assertThat(answer.usage().orElseThrow().promptTokens()).isEqualTo(3);
    }

    private static String call(int index, String rest) {
        return Answers.chunk("{\"tool_calls\":[{\"index\":" + index + "," + rest + "}]}", null);
    }

    @Test
    void aModelIsRetrievedByItsProvidersName() {
        assertThat(client.retrieve("openai/gpt-4o-mini").validate().id()).isEqualTo("openai/gpt-4o-mini");
    }

    @Test
    void toolCallsOfOddHostsAddUp() {
        upstream.answer(Script.events(List.of(
                Answers.chunk("{\"role\":\"assistant\",\"content\":null}", null),
                call(1, "\"id\":\"call_a\",\"function\":{\"name\":\"f\",\"arguments\":null}"),
                call(1, "\"id\":\"call_a\",\"type\":null,\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}"),
                call(2, "\"id\":\"\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}"),
                call(2, "\"id\":\"\",\"type\":\"function\",\"function\":{\"name\":\"\",\"arguments\":\"}\"}"),
                Answers.chunk("{}", "tool_calls"),
                "[DONE]")));
        ChatCompletion answer =
                client.accumulate(Sdk.ask("gpt-4o-mini").build()).validate();
        List<ChatCompletionMessageFunctionToolCall> calls =
                answer.choices().getFirst().message().toolCalls().orElseThrow().stream()
                        .map(call -> call.asFunction())
                        .toList();
        assertThat(calls).extracting(call -> call.id()).containsExactly("call_a", "call_0_1");
        assertThat(calls).extracting(call -> call.function().name()).containsExactly("f", "g");
        assertThat(calls).extracting(call -> call.function().arguments()).containsExactly("{}", "{}");
    }

    @Test
    void parallelToolCallsOfAStreamAddUp() {
        upstream.answer(Script.events(List.of(
                Answers.chunk("{\"role\":\"assistant\",\"content\":null}", null),
                call(0, "\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}"),
                call(1, "\"id\":\"call_b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}"),
                call(0, "\"function\":{\"arguments\":\"{\\\"x\\\"\"}"),
                call(1, "\"function\":{\"arguments\":\"{\\\"y\\\":\"}"),
                call(0, "\"function\":{\"arguments\":\":1}\"}"),
                call(1, "\"function\":{\"arguments\":\"2}\"}"),
                Answers.chunk("{}", "tool_calls"),
                "[DONE]")));
        ChatCompletion answer = client.accumulate(Sdk.ask("gpt-4o-mini").build());
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageFunctionToolCall> calls =
                answer.choices().getFirst().message().toolCalls().orElseThrow().stream()
                        .map(call -> call.asFunction())
                        .toList();
        assertThat(calls).extracting(call -> call.id()).containsExactly("call_a", "call_b");
        assertThat(calls).extracting(call -> call.function().arguments()).containsExactly("{\"x\":1}", "{\"y\":2}");
    }

    @Test
    void aRoundTripWithToolsKeepsEveryByte() throws Exception {
        String wire = "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":\"call_1\","
                + "\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\""
                + ODD_ARGUMENTS.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}}]}";
        upstream.answer(Script.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o-mini\",\"choices\":["
                        + "{\"index\":0,\"message\":" + wire
                        + ",\"logprobs\":null,\"finish_reason\":\"tool_calls\"}]}"));
        ChatCompletionCreateParams.Builder talk = Sdk.ask("gpt-4o-mini")
                .addFunctionTool(FunctionDefinition.builder()
                        .name("weather")
                        .strict(true)
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty("properties", JsonValue.from(Map.of()))
                                .build())
                        .build());
        ChatCompletion first = client.create(talk.build());
        assertThat(first.choices()
                        .getFirst()
                        .message()
                        .toolCalls()
                        .orElseThrow()
                        .getFirst()
                        .asFunction()
                        .function()
                        .arguments())
                .isEqualTo(ODD_ARGUMENTS);
        talk.addMessage(first.choices().getFirst().message());
        talk.addMessage(ChatCompletionToolMessageParam.builder()
                .toolCallId("call_1")
                .content("{\"t\": 3.0,\"u\":\"\\u00b0\"}")
                .build());
        upstream.answer(Script.json(200, Answers.json("cold")));
        assertThat(Sdk.said(client.create(talk.build()))).isEqualTo("cold");
        JsonNode sent = new ObjectMapper().readTree(upstream.last().body());
        assertThat(sent.at("/tools/0/function/strict").booleanValue()).isTrue();
        assertThat(sent.at("/messages")).hasSize(3);
        assertThat(sent.at("/messages/1/tool_calls/0/id").textValue()).isEqualTo("call_1");
        assertThat(sent.at("/messages/1/tool_calls/0/function/arguments").textValue())
                .isEqualTo(ODD_ARGUMENTS);
        assertThat(sent.at("/messages/2/tool_call_id").textValue()).isEqualTo("call_1");
        assertThat(sent.at("/messages/2/content").textValue()).isEqualTo("{\"t\": 3.0,\"u\":\"\\u00b0\"}");
    }

    @Test
    void messagesReachTheProviderByteForByte() {
        upstream.answer(Script.json(200, Answers.json("ok")));
        String messages = "[ {\"role\":\"user\" ,\"content\":\"caf\\u00e9 🐪 \\/ 1.0e2\"},\n {\"role\":\"assistant\","
                + "\"content\":null,\"tool_calls\":[{\"type\":\"function\",\"id\":\"call_1\",\"function\":"
                + "{\"arguments\":\"{ \\\"a\\\": 1.50 }\",\"name\":\"f\"}}]},"
                + "{\"tool_call_id\":\"call_1\",\"role\":\"tool\",\"content\":\" {} \"}]";
        gateway.chat("{\"messages\":" + messages + ",\"model\":\"gpt-4o-mini\",\"seed\":12345678901234567890}");
        assertThat(upstream.last().body()).contains("\"messages\":" + messages, "\"seed\":12345678901234567890");
    }
}
