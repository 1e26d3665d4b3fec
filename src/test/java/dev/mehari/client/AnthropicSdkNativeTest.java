package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.errors.RateLimitException;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Anthropic's own client before a provider of Anthropic's: what it says and hears passes as it is. */
class AnthropicSdkNativeTest {
    private static final String MODEL = "claude-sonnet-4-5";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static AnthropicSdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.providers.anthropic.pool.warm-up=0");
        client = AnthropicSdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static String recorded(String name) {
        return GoldenCase.text(Path.of("src/test/resources/anthropic", name));
    }

    private static JsonNode sent() {
        return ErrorCheck.tree(upstream.last().body());
    }

    @Test
    void thinkingGoesRoundWithItsSignatureUntouched() {
        upstream.answer(Script.json(200, recorded("reasoning/upstream-answer.json")));
        MessageCreateParams.Builder talk =
                AnthropicSdk.ask(MODEL).enabledThinking(1024).maxTokens(4000);
        Message answer = client.create(talk.build());
        assertThat(upstream.last().path()).isEqualTo("/v1/messages");
        assertThat(upstream.last().header("x-api-key")).isEqualTo("anthropic-key");
        assertThat(upstream.last().header("anthropic-version"))
                .as("that of SDKs since 3.0, as they sent it")
                .isEqualTo("2026-10-21");
        assertThat(answer.id()).isEqualTo("msg_01XyZ");
        assertThat(answer.content()).hasSize(3);
        assertThat(answer.content().getFirst().asThinking().signature()).isEqualTo("EqQBCkYIBxgC=");
        client.create(talk.addMessage(answer).addUserMessage("sure?").build());
        assertThat(sent().at("/messages/1/content/0/signature").asText()).isEqualTo("EqQBCkYIBxgC=");
        assertThat(sent().at("/messages/1/content/1/data").asText()).isEqualTo("EmwKAhgBEgy3");
        assertThat(sent().at("/thinking/budget_tokens").asInt()).isEqualTo(1024);
    }

    @Test
    void aStreamAddsUpToTheSame() {
        upstream.answer(Script.stream()
                .chunk(recorded("stream-reasoning/upstream-answer.sse"))
                .endChunks());
        Message answer = client.accumulated(
                AnthropicSdk.ask(MODEL).enabledThinking(1024).maxTokens(4000).build());
        assertThat(answer.content().getFirst().asThinking().thinking()).isEqualTo("Let me think.");
        assertThat(answer.content().getLast().asText().text()).isEqualTo("42");
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
    }

    @Test
    void parallelCallsOfAStreamAddUp() {
        upstream.answer(Script.stream()
                .chunk(recorded("stream-parallel-tool-calls/upstream-answer.sse"))
                .endChunks());
        Message answer = client.accumulated(AnthropicSdk.ask(MODEL).build());
        assertThat(answer.content().stream().filter(ContentBlock::isToolUse)).hasSizeGreaterThan(1);
        assertThat(answer.stopReason()).hasValue(StopReason.TOOL_USE);
    }

    @Test
    void tokensAreCountedByAnthropic() {
        upstream.answer(Script.json(200, "{\"input_tokens\":2095}"));
        assertThat(client.client()
                        .messages()
                        .countTokens(MessageCountTokensParams.builder()
                                .model(MODEL)
                                .addUserMessage("hi")
                                .build())
                        .inputTokens())
                .isEqualTo(2095);
        assertThat(upstream.last().path()).isEqualTo("/v1/messages/count_tokens");
    }

    @Test
    void aRateLimitIsTheClientsTypedException() {
        upstream.answer(Script.json(
                429,
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}",
                "retry-after",
                "1"));
        assertThatThrownBy(() -> client.create(AnthropicSdk.ask(MODEL).build()))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("slow down");
    }
}
