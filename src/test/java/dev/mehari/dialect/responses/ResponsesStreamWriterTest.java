package dev.mehari.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.dialect.RequestBody;
import dev.mehari.testing.ResponsesStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponsesStreamWriterTest {
    private static final JsonObject REQUEST = request("{\"model\":\"m\",\"input\":\"hi\"}");

    private static JsonObject request(String json) {
        return RequestBody.of(json.getBytes(StandardCharsets.UTF_8)).scan((name, value) -> {});
    }

    private static List<JsonNode> stream(ChatEvent... events) throws Exception {
        ResponsesStreamWriter writer = new ResponsesStreamWriter("resp_1", REQUEST);
        ByteSink out = new ByteSink(64);
        writer.encode(new ChatEvent.Start("chatcmpl-1", "m", 7), out);
        Arrays.asList(events).forEach(event -> writer.encode(event, out));
        if (writer.whole() == null) {
            writer.encode(new ChatEvent.End(), out);
        }
        return ResponsesStream.check(new String(out.toByteArray(), StandardCharsets.UTF_8));
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    private static JsonNode response(List<JsonNode> events) {
        return events.getLast().path("response");
    }

    @Test
    void aTextStreamIsTheCanonicalOne() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.TextDelta(0, "Hel"),
                new ChatEvent.TextDelta(0, ""),
                new ChatEvent.TextDelta(0, "lo"),
                new ChatEvent.Finish(0, FinishReason.STOP),
                new ChatEvent.UsageReport(
                        Usage.of(5L, 2L).with(UsageDetail.CACHED, 3L).with(UsageDetail.REASONING, 1L), "flex"));
        assertThat(types(events))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        JsonNode response = response(events);
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Hello");
        assertThat(response.path("usage"))
                .hasToString(
                        "{\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":3,\"cache_write_tokens\":0},"
                                + "\"output_tokens\":2,\"output_tokens_details\":{\"reasoning_tokens\":1},\"total_tokens\":7}");
        assertThat(response.path("service_tier").asText()).isEqualTo("flex");
        assertThat(response.path("created_at").asInt()).isEqualTo(7);
    }

    @Test
    void parallelCallsAreItemsOneAfterTheOtherAndMayBeWithoutArguments() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.ToolCallStart(0, 0, "call_a", "f"),
                new ChatEvent.ToolCallDelta(0, 0, "{\"x\""),
                new ChatEvent.ToolCallDelta(0, 0, ":1}"),
                new ChatEvent.ToolCallStart(0, 1, "call_b", "g"),
                new ChatEvent.Finish(0, FinishReason.TOOL_CALLS));
        JsonNode output = response(events).path("output");
        assertThat(output.at("/0/call_id").asText()).isEqualTo("call_a");
        assertThat(output.at("/0/arguments").asText()).isEqualTo("{\"x\":1}");
        assertThat(output.at("/1/arguments").asText()).isEqualTo("{}");
        assertThat(output.at("/0/id").asText())
                .startsWith("fc_")
                .isNotEqualTo(output.at("/1/id").asText());
    }

    @Test
    void aCustomCallHasInput() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.ToolCallStart(0, 0, "call_a", "patch", true, null),
                new ChatEvent.ToolCallDelta(0, 0, "*** Begin"));
        assertThat(types(events))
                .contains("response.custom_tool_call_input.delta", "response.custom_tool_call_input.done");
        assertThat(response(events).at("/output/0/input").asText()).isEqualTo("*** Begin");
    }

    @Test
    void reasoningComesAsSummaryAndItsSignatureSealed() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.ReasoningDelta(0, "I ", null),
                new ChatEvent.ReasoningDelta(0, "think", null),
                new ChatEvent.ReasoningDelta(0, "", "sig"),
                new ChatEvent.RedactedReasoning(0, "hidden"),
                new ChatEvent.TextDelta(0, "so"));
        JsonNode output = response(events).path("output");
        assertThat(output).hasSize(3);
        assertThat(output.at("/0/summary/0/text").asText()).isEqualTo("I think");
        assertThat(ReasoningEnvelope.open(output.at("/0/encrypted_content").asText()))
                .isEqualTo(new ReasoningEnvelope.Block(new AssistantPart.Reasoning(null, "I think", "sig")));
        assertThat(ReasoningEnvelope.open(output.at("/1/encrypted_content").asText()))
                .isEqualTo(new ReasoningEnvelope.Block(new AssistantPart.RedactedReasoning("hidden")));
        assertThat(output.at("/1/summary")).isEmpty();
    }

    @Test
    void aSignedCallIsSealedInFrontOfIt() throws Exception {
        List<JsonNode> events = stream(new ChatEvent.ToolCallStart(0, 0, "call_a", "f", false, "c2ln"));
        JsonNode output = response(events).path("output");
        assertThat(ReasoningEnvelope.open(output.at("/0/encrypted_content").asText()))
                .isEqualTo(new ReasoningEnvelope.OfCall("call_a", "c2ln"));
        assertThat(output.at("/1/type").asText()).isEqualTo("function_call");
    }

    @Test
    void aRefusalIsAPartOfTheMessage() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.TextDelta(0, "Well"),
                new ChatEvent.RefusalDelta(0, "no"),
                new ChatEvent.Finish(0, FinishReason.CONTENT_FILTER));
        assertThat(response(events).at("/output/0/content/1")).hasToString("{\"type\":\"refusal\",\"refusal\":\"no\"}");
        assertThat(response(events).path("status").asText()).isEqualTo("incomplete");
        assertThat(response(events).at("/incomplete_details/reason").asText()).isEqualTo("content_filter");
        assertThat(response(events).at("/output/0/status").asText()).isEqualTo("incomplete");
    }

    @Test
    void citationsBecomeFlatAndPicturesItems() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.TextDelta(0, "see"),
                new ChatEvent.Annotation(
                        0,
                        Json.MAPPER.readTree(
                                "{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://a\",\"start_index\":0}}")),
                new ChatEvent.WholePart(
                        0, new ContentPart.Image(new MediaSource.Inline("image/png", "iVBO"), null, null)));
        JsonNode output = response(events).path("output");
        assertThat(output.at("/0/content/0/annotations/0"))
                .hasToString("{\"type\":\"url_citation\",\"url\":\"https://a\",\"start_index\":0}");
        assertThat(output.at("/1/type").asText()).isEqualTo("image_generation_call");
        assertThat(output.at("/1/result").asText()).isEqualTo("iVBO");
    }

    @Test
    void aCutAnswerIsIncomplete() throws Exception {
        List<JsonNode> events = stream(new ChatEvent.TextDelta(0, "Hel"), new ChatEvent.Finish(0, FinishReason.LENGTH));
        assertThat(types(events)).endsWith("response.incomplete");
        assertThat(response(events).at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(response(events).path("completed_at").isNull()).isTrue();
    }

    @Test
    void aFailureEndsTheStreamWithItsReason() throws Exception {
        List<JsonNode> events = stream(
                new ChatEvent.TextDelta(0, "Hel"),
                new ChatEvent.Failure(new UpstreamUnavailable(502, "it broke off", null)),
                new ChatEvent.TextDelta(0, "too late"));
        assertThat(types(events)).endsWith("response.failed").doesNotContain("response.output_item.done");
        assertThat(response(events).path("error"))
                .hasToString("{\"code\":\"server_error\",\"message\":\"it broke off\"}");
        List<JsonNode> limited = stream(new ChatEvent.Failure(new RateLimited("tokens", "slow down", null)));
        assertThat(response(limited).at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void theResponseRepeatsWhatTheClientAskedForAsItWroteIt() throws Exception {
        JsonObject request = request("{\"model\":\"m\",\"input\":\"hi\",\"temperature\":0.50,\"store\":false,"
                + "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"x\":1e2}],\"text\":{\"verbosity\":\"low\"}}");
        ResponsesStreamWriter writer = new ResponsesStreamWriter("resp_1", request);
        ByteSink out = new ByteSink(64);
        writer.encode(new ChatEvent.Start("chatcmpl-1", "m", 7), out);
        writer.encode(new ChatEvent.End(), out);
        assertThat(new String(writer.whole().json(), StandardCharsets.UTF_8))
                .contains("\"temperature\":0.50")
                .contains("\"store\":false")
                .contains("\"x\":1e2")
                .contains("\"text\":{\"verbosity\":\"low\",\"format\":{\"type\":\"text\"}}")
                .contains("\"usage\":null");
    }
}
