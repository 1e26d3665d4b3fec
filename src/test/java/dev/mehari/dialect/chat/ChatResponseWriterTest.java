package dev.mehari.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.dialect.OpenAiErrors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatResponseWriterTest {
    private static String write(boolean legacy, FinishReason finish, AssistantPart... parts) {
        var message = new Message.Assistant(List.of(parts), null, Extras.NONE);
        var choice = new ChatResponse.Choice(0, message, finish);
        var response = new ChatResponse("chatcmpl-1", "m", 1764000000, List.of(choice), null, null, null);
        return new String(ChatResponseWriter.write(response, legacy), StandardCharsets.UTF_8);
    }

    private static String choice(String message, String finish) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1764000000,\"model\":\"m\",\"choices\":["
                + "{\"index\":0,\"message\":{\"role\":\"assistant\"," + message
                + "},\"logprobs\":null,\"finish_reason\":\"" + finish + "\"}]}";
    }

    @Test
    void textIsContentAndNothingElseIsThere() {
        assertThat(write(false, FinishReason.STOP, ContentPart.Text.of("Hi "), ContentPart.Text.of("🐪")))
                .isEqualTo(choice("\"content\":\"Hi 🐪\",\"refusal\":null", "stop"));
    }

    @Test
    void anEmptyAnswerHasEmptyContent() {
        assertThat(write(false, FinishReason.STOP)).isEqualTo(choice("\"content\":\"\",\"refusal\":null", "stop"));
    }

    @Test
    void callsAloneHaveNullContent() {
        assertThat(write(
                        false,
                        FinishReason.STOP,
                        ToolCall.function("c0", "f", ""),
                        new ToolCall("c1", true, "g", "free", null),
                        new ToolCall("c2", false, "h", "{\"a\":1.0}", "ts")))
                .isEqualTo(choice(
                        "\"content\":null,\"refusal\":null,\"tool_calls\":["
                                + "{\"id\":\"c0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                                + "{\"id\":\"c1\",\"type\":\"custom\",\"custom\":{\"name\":\"g\",\"input\":\"free\"}},"
                                + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"h\",\"arguments\":\"{\\\"a\\\":1.0}\"},"
                                + "\"extra_content\":{\"google\":{\"thought_signature\":\"ts\"}}}]",
                        "tool_calls"));
    }

    @Test
    void functionsGetTheFirstCallBack() {
        assertThat(write(
                        true,
                        FinishReason.TOOL_CALLS,
                        ToolCall.function("c0", "f", "{}"),
                        ToolCall.function("c1", "g", "{}")))
                .isEqualTo(choice(
                        "\"content\":null,\"refusal\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}",
                        "function_call"));
    }

    @Test
    void aRefusalHasNullContent() {
        assertThat(write(false, FinishReason.STOP, new AssistantPart.Refusal("no")))
                .isEqualTo(choice("\"content\":null,\"refusal\":\"no\"", "stop"));
    }

    @Test
    void signedReasoningCanBeSentBack() {
        assertThat(write(
                        false,
                        FinishReason.STOP,
                        new AssistantPart.Reasoning(null, "hm", "sig"),
                        new AssistantPart.RedactedReasoning("xx"),
                        ContentPart.Text.of("so")))
                .isEqualTo(choice(
                        "\"content\":\"so\",\"refusal\":null,\"reasoning_content\":\"hm\",\"thinking_blocks\":["
                                + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"sig\"},"
                                + "{\"type\":\"redacted_thinking\",\"data\":\"xx\"}]",
                        "stop"));
    }

    @Test
    void unsignedReasoningIsPlain() {
        assertThat(write(false, FinishReason.STOP, AssistantPart.Reasoning.of("hm"), ContentPart.Text.of("so")))
                .contains("\"reasoning_content\":\"hm\"")
                .doesNotContain("thinking_blocks");
    }

    @Test
    void everyFieldOfTheAnswerIsWritten() throws Exception {
        var citation = Json.MAPPER.readTree("{\"type\":\"url_citation\"}");
        var message = new Message.Assistant(
                List.of(new ContentPart.Text("x", List.of(citation), null)),
                null,
                new Extras(Map.of("audio", Json.MAPPER.readTree("{\"id\":\"a\"}"))));
        var one = new ChatResponse.Choice(
                0, message, FinishReason.LENGTH, Json.MAPPER.readTree("{\"content\":[]}"), null);
        var two = new ChatResponse.Choice(1, message, FinishReason.CONTENT_FILTER);
        var response = new ChatResponse(
                "i",
                "m",
                1,
                List.of(one, two),
                Usage.of(9L, 12L).with(UsageDetail.CACHED, 3L),
                "default",
                Json.MAPPER.readTree("{\"openai\":{\"system_fingerprint\":\"fp\"}}"));
        var json = Json.MAPPER.readTree(ChatResponseWriter.write(response, false));
        assertThat(json.at("/choices/0/message/annotations/0")).isEqualTo(citation);
        assertThat(json.at("/choices/0/message/audio/id").asText()).isEqualTo("a");
        assertThat(json.at("/choices/0/logprobs/content").isArray()).isTrue();
        assertThat(json.at("/choices/1/finish_reason").asText()).isEqualTo("content_filter");
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(21);
        assertThat(json.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isEqualTo(3);
        assertThat(json.at("/service_tier").asText()).isEqualTo("default");
        assertThat(json.at("/provider_fields/openai/system_fingerprint").asText())
                .isEqualTo("fp");
    }

    @Test
    void errorsAlwaysHaveFourKeys() {
        var bare = new GatewayException.InvalidRequest(null, "bad \"thing\"");
        assertThat(new String(OpenAiErrors.body(bare), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"message\":\"bad \\\"thing\\\"\",\"type\":\"invalid_request_error\","
                        + "\"param\":null,\"code\":null}}");
        var full = new GatewayException.ModelNotFound("no such model");
        assertThat(new String(OpenAiErrors.record(full), StandardCharsets.UTF_8))
                .isEqualTo("data: {\"error\":{\"message\":\"no such model\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"model\",\"code\":\"model_not_found\"}}\n\n");
    }
}
