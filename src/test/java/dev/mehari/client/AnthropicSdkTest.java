package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.core.JsonValue;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Anthropic's own client finds Anthropic's API here, with a model of OpenAI's behind it. */
class AnthropicSdkTest {
    private static final String MODEL = "gpt-5-mini";
    private static final String LONG_NAME =
            "mcp__a_server_with_a_long_name__and_a_tool_whose_name_is_even_longer_than_that";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static AnthropicSdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream);
        client = AnthropicSdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static String said(Message answer) {
        return answer.content().stream()
                .filter(ContentBlock::isText)
                .map(block -> block.asText().text())
                .reduce("", String::concat);
    }

    private static List<ToolUseBlock> calls(Message answer) {
        return answer.content().stream()
                .filter(ContentBlock::isToolUse)
                .map(ContentBlock::asToolUse)
                .toList();
    }

    private static JsonNode sent() {
        return ErrorCheck.tree(upstream.last().body());
    }

    @Test
    void aPlainCall() {
        upstream.answer(Script.json(200, Answers.json("hello there")));
        Message answer =
                client.create(AnthropicSdk.ask(MODEL).system("Be brief.").build());
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(answer.id()).startsWith("msg_");
        assertThat(said(answer)).isEqualTo("hello there");
        assertThat(answer.model().asString()).isEqualTo(MODEL);
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(answer.usage().inputTokens()).isEqualTo(9);
        assertThat(answer.usage().outputTokens()).isEqualTo(12);
        assertThat(answer.usage().cacheReadInputTokens()).hasValue(0L);
        assertThat(sent().path("messages").toString())
                .isEqualTo("[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"hi\"}]");
        assertThat(sent().path("max_completion_tokens").asInt()).isEqualTo(1000);
        assertThat(upstream.last().path()).isEqualTo("/v1/chat/completions");
        assertThat(upstream.last().header("authorization")).isEqualTo("Bearer upstream-key");
        assertThat(upstream.last().headers().keySet())
                .noneMatch(name -> name.startsWith("x-stainless") || name.startsWith("anthropic"));
    }

    @Test
    void aStreamAddsUp() {
        upstream.answer(Script.events(Answers.stream("Hel", "lo ", "駱駝 🐪")));
        Message answer = client.accumulated(AnthropicSdk.ask(MODEL).build());
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(said(answer)).isEqualTo("Hello 駱駝 🐪");
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(answer.usage().inputTokens()).isEqualTo(3);
        assertThat(answer.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void reasoningIsAThinkingBlockThatSurvivesTheNextTurn() {
        upstream.answer(Script.events(List.of(
                Answers.role(),
                Answers.chunk("{\"reasoning_content\":\"Let me \"}", null),
                Answers.chunk("{\"reasoning_content\":\"see.\"}", null),
                Answers.text("42"),
                Answers.finish(),
                "[DONE]")));
        MessageCreateParams.Builder talk = AnthropicSdk.ask(MODEL).enabledThinking(999 + 25);
        Message answer = client.accumulated(talk.maxTokens(4000).build());
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(answer.content()).hasSize(2);
        assertThat(answer.content().getFirst().asThinking().thinking()).isEqualTo("Let me see.");
        assertThat(sent().path("reasoning_effort").asText()).isEqualTo("low");
        upstream.answer(Script.json(200, Answers.json("sure")));
        client.create(talk.addMessage(answer).addUserMessage("sure?").build());
        assertThat(sent().at("/messages/1").toString()).isEqualTo("{\"role\":\"assistant\",\"content\":\"42\"}");
        assertThat(sent().path("messages")).hasSize(3);
    }

    private static Tool weather(String name) {
        return Tool.builder()
                .name(name)
                .description("Tells the weather")
                .strict(true)
                .inputSchema(Tool.InputSchema.builder()
                        .properties(JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .addRequired("city")
                        .build())
                .build();
    }

    private static String call(int index, String rest) {
        return Answers.chunk("{\"tool_calls\":[{\"index\":" + index + "," + rest + "}]}", null);
    }

    private static String header(int index, String id, String name) {
        return call(
                index,
                "\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name
                        + "\",\"arguments\":\"\"}");
    }

    private static String piece(int index, String arguments) {
        return call(index, "\"function\":{\"arguments\":" + Json.quoted(arguments) + "}");
    }

    @Test
    void parallelToolsGoRoundWithTheirIdsNamesAndErrors() {
        MessageCreateParams.Builder talk =
                AnthropicSdk.ask(MODEL).addTool(weather(LONG_NAME)).addTool(weather("weather"));
        upstream.answer(request -> {
            String name =
                    ErrorCheck.tree(request.body()).at("/tools/0/function/name").asText();
            assertThat(name).hasSize(64);
            return Script.events(List.of(
                    Answers.role(),
                    Answers.text("Let me look."),
                    header(0, "functions.weather:0", name),
                    header(1, "call_b", "weather"),
                    piece(0, "{\"city\""),
                    piece(1, "{\"city\":"),
                    piece(0, ":\"Bern\"}"),
                    piece(1, "\"Basel\"}"),
                    Answers.chunk("{}", "tool_calls"),
                    Answers.usage(),
                    "[DONE]"));
        });
        Message asked = client.accumulated(talk.build());
        assertThat(asked.validate()).isSameAs(asked);
        assertThat(asked.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(asked.content().getFirst().asText().text()).isEqualTo("Let me look.");
        assertThat(calls(asked)).extracting(ToolUseBlock::name).containsExactly(LONG_NAME, "weather");
        assertThat(calls(asked))
                .extracting(ToolUseBlock::id)
                .allMatch(id -> id.matches("[A-Za-z0-9_-]{1,64}"))
                .contains("call_b");
        assertThat(calls(asked).getFirst()._input().toString()).contains("Bern");

        List<ContentBlockParam> results = new ArrayList<>();
        for (ToolUseBlock use : calls(asked)) {
            results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                    .toolUseId(use.id())
                    .content("no " + use.name().length())
                    .isError(use.id().equals("call_b"))
                    .build()));
        }
        upstream.answer(Script.json(200, Answers.json("cold")));
        talk.addMessage(asked).addUserMessageOfContentBlockParams(results);
        assertThat(said(client.create(talk.build()))).isEqualTo("cold");

        JsonNode messages = sent().path("messages");
        assertThat(messages).hasSize(4);
        assertThat(messages.at("/1/content").asText()).isEqualTo("Let me look.");
        assertThat(messages.at("/1/tool_calls/0/id").asText()).isEqualTo("functions.weather:0");
        assertThat(messages.at("/1/tool_calls/0/function/name").asText()).hasSize(64);
        assertThat(messages.at("/1/tool_calls/0/function/arguments").asText()).isEqualTo("{\"city\":\"Bern\"}");
        assertThat(messages.at("/2").toString())
                .isEqualTo("{\"role\":\"tool\",\"tool_call_id\":\"functions.weather:0\",\"content\":\"no "
                        + LONG_NAME.length() + "\"}");
        assertThat(messages.at("/3").toString())
                .isEqualTo("{\"role\":\"tool\",\"tool_call_id\":\"call_b\",\"content\":\"Error: no 7\"}");
        assertThat(sent().at("/tools/1/function/strict").asBoolean()).isTrue();
    }

    @Test
    void aWholeAnswerWithToolsIsOne() {
        upstream.answer(Script.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-5-mini\",\"choices\":[{"
                        + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,"
                        + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\","
                        + "\"arguments\":\"{\\\"city\\\":\\\"Z\\u00fcrich\\\",\\\"n\\\":1.50}\"}}]},"
                        + "\"logprobs\":null,\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":50,"
                        + "\"completion_tokens\":7,\"total_tokens\":57,\"prompt_tokens_details\":"
                        + "{\"cached_tokens\":40,\"cache_write_tokens\":3},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":4}},\"service_tier\":\"default\"}"));
        Message answer = client.create(
                AnthropicSdk.ask(MODEL).addTool(weather("weather")).build());
        assertThat(answer.validate()).isSameAs(answer);
        assertThat(answer.content()).hasSize(1);
        assertThat(answer.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(calls(answer).getFirst()._input().toString()).contains("Zürich", "n=1.5");
        assertThat(answer.usage().inputTokens()).isEqualTo(7);
        assertThat(answer.usage().cacheReadInputTokens()).hasValue(40L);
        assertThat(answer.usage().cacheCreationInputTokens()).hasValue(3L);
        assertThat(answer.usage().outputTokensDetails().orElseThrow().thinkingTokens())
                .isEqualTo(4);
        assertThat(answer.usage().serviceTier().orElseThrow().toString()).isEqualTo("standard");
    }

    @Test
    void failuresAreTheClientsTypedExceptions() {
        MessageCreateParams ask = AnthropicSdk.ask(MODEL).build();
        upstream.answer(
                Script.json(429, Answers.error("slow down", "requests", "rate_limit_exceeded"), "retry-after", "7"));
        assertThatThrownBy(() -> client.create(ask)).isInstanceOfSatisfying(RateLimitException.class, failure -> {
            assertThat(failure.getMessage()).contains("slow down");
            assertThat(failure.headers().values("request-id")).hasSize(1);
        });
        upstream.answer(Script.json(
                400,
                Answers.error(
                        "This model's maximum context length is 9",
                        "invalid_request_error",
                        "context_length_exceeded")));
        assertThatThrownBy(() -> client.accumulated(ask))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("prompt is too long");
        assertThatThrownBy(() -> client.create(AnthropicSdk.ask("nobody-has-it").build()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aFailureInTheStreamIsAnErrorEvent() {
        upstream.answer(Script.stream()
                .event(Answers.text("one"))
                .event("{\"error\":{\"message\":\"too busy\",\"type\":\"overloaded_error\",\"code\":null}}")
                .endChunks());
        assertThatThrownBy(() -> client.accumulated(AnthropicSdk.ask(MODEL).build()))
                .hasMessageContaining("overloaded_error")
                .hasMessageContaining("too busy");
    }

    @Test
    void tokensAreEstimatedWhereNobodyCounts() {
        long few = client.client()
                .messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model(MODEL)
                        .addUserMessage("hi")
                        .build())
                .inputTokens();
        long many = client.client()
                .messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model(MODEL)
                        .system("Be brief. ".repeat(400))
                        .addUserMessage("hi")
                        .addTool(weather("weather"))
                        .build())
                .inputTokens();
        assertThat(few).isBetween(1L, 20L);
        assertThat(many).isBetween(900L, 1200L);
    }

    @Test
    void modelsAreListedInAnthropicsShape() {
        var models = client.client().models().list();
        assertThat(models.data()).extracting(model -> model.validate().id()).contains("demo", MODEL);
        assertThat(models.hasNextPage()).isFalse();
        assertThat(client.client().models().retrieve(MODEL).validate().displayName())
                .isEqualTo(MODEL);
    }
}
