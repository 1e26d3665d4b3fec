package dev.mehari.dialect.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.testing.MessagesStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesStreamWriterTest {
    private static final ChatEvent START = new ChatEvent.Start("chatcmpl-1", "m", 1);
    private static final ChatEvent END = new ChatEvent.End();

    private static String write(ChatEvent... events) {
        ByteSink out = new ByteSink(16);
        MessagesStreamWriter writer = new MessagesStreamWriter();
        writer.encode(START, out);
        for (ChatEvent event : events) {
            writer.encode(event, out);
        }
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    /** The blocks as {@code type: what their deltas add up to}. */
    private static List<String> blocks(ChatEvent... events) {
        List<JsonNode> all = MessagesStream.check(write(events));
        return all.stream()
                .filter(event -> event.path("type").asText().equals("content_block_start"))
                .map(start -> start.at("/content_block/type").asText() + ": "
                        + all.stream()
                                .filter(event -> event.path("type").asText().equals("content_block_delta")
                                        && event.path("index").equals(start.path("index")))
                                .map(event -> event.at("/delta/text").asText()
                                        + event.at("/delta/thinking").asText()
                                        + event.at("/delta/partial_json").asText()
                                        + event.at("/delta/signature").asText())
                                .reduce("", String::concat))
                .toList();
    }

    private static JsonNode last(ChatEvent... events) {
        List<JsonNode> all = MessagesStream.check(write(events));
        return all.get(all.size() - 2);
    }

    @Test
    void blocksOpenWithTheirFirstWordAndCloseBeforeTheNext() {
        assertThat(blocks(
                        new ChatEvent.ReasoningDelta(0, "I ", null),
                        new ChatEvent.ReasoningDelta(0, "see", null),
                        new ChatEvent.TextDelta(0, ""),
                        new ChatEvent.TextDelta(0, "Let "),
                        new ChatEvent.TextDelta(0, "me"),
                        new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"a\""),
                        new ChatEvent.ToolCallDelta(0, 0, ":1}"),
                        new ChatEvent.ToolCallStart(0, 1, "c1", "f"),
                        new ChatEvent.TextDelta(0, "done"),
                        new ChatEvent.Finish(0, FinishReason.TOOL_CALLS),
                        END))
                .containsExactly(
                        "thinking: I see" + MessagesWire.UNSIGNED,
                        "text: Let me",
                        "tool_use: {\"a\":1}",
                        "tool_use: ",
                        "text: done");
    }

    @Test
    void aSignatureEndsItsBlockAndHiddenThoughtsStandAlone() {
        assertThat(blocks(
                        new ChatEvent.ReasoningDelta(0, "one", "c2ln"),
                        new ChatEvent.ReasoningDelta(0, "", "bm8gdGV4dA=="),
                        new ChatEvent.RedactedReasoning(0, "aGlk"),
                        new ChatEvent.TextDelta(0, "ok"),
                        END))
                .containsExactly("thinking: onec2ln", "thinking: bm8gdGV4dA==", "redacted_thinking: ", "text: ok");
    }

    @Test
    void whatTheProviderCountedBeforeItsFirstWordIsInTheStart() {
        String stream = write(
                new ChatEvent.UsageReport(Usage.of(30L, 1L)
                        .with(UsageDetail.CACHED, 10L)
                        .with(UsageDetail.CACHE_WRITE, 5L)
                        .with(UsageDetail.LONG_CACHE_WRITE, 2L)),
                new ChatEvent.TextDelta(0, "ok"),
                new ChatEvent.Finish(0, FinishReason.STOP),
                new ChatEvent.UsageReport(
                        Usage.of(30L, 7L)
                                .with(UsageDetail.CACHED, 10L)
                                .with(UsageDetail.CACHE_WRITE, 5L)
                                .with(UsageDetail.LONG_CACHE_WRITE, 2L),
                        "default"),
                END);
        List<JsonNode> events = MessagesStream.check(stream);
        assertThat(events.getFirst().at("/message/usage").toString())
                .isEqualTo("{\"input_tokens\":15,\"cache_creation_input_tokens\":5,\"cache_read_input_tokens\":10,"
                        + "\"output_tokens\":1,\"cache_creation\":{\"ephemeral_5m_input_tokens\":3,"
                        + "\"ephemeral_1h_input_tokens\":2}}");
        assertThat(events.get(events.size() - 2).at("/usage/output_tokens").asInt())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,,false,end_turn",
        "STOP,END,false,stop_sequence",
        "STOP,,true,tool_use",
        "LENGTH,,true,max_tokens",
        "TOOL_CALLS,,true,tool_use",
        "TOOL_CALLS,,false,end_turn",
        "FUNCTION_CALL,,true,tool_use",
        "CONTENT_FILTER,,false,refusal",
        "CONTENT_FILTER,,true,refusal"
    })
    void eachReasonKeepsItsMeaning(FinishReason reason, String stopSequence, boolean called, String expected) {
        ChatEvent said = called ? new ChatEvent.ToolCallStart(0, 0, "c", "f") : new ChatEvent.TextDelta(0, "so");
        JsonNode delta =
                last(said, new ChatEvent.Finish(0, reason, stopSequence), END).path("delta");
        assertThat(delta.path("stop_reason").asText()).isEqualTo(expected);
        assertThat(delta.path("stop_sequence").textValue()).isEqualTo(stopSequence);
    }

    @Test
    void aRefusalIsSaidAndExplained() {
        JsonNode delta = last(
                        new ChatEvent.RefusalDelta(0, "I can"),
                        new ChatEvent.RefusalDelta(0, "not."),
                        new ChatEvent.Finish(0, FinishReason.STOP),
                        END)
                .path("delta");
        assertThat(delta.path("stop_reason").asText()).isEqualTo("refusal");
        assertThat(delta.at("/stop_details/explanation").asText()).isEqualTo("I cannot.");
    }

    @Test
    void citationsGoWithTheTextBeforeThem() throws Exception {
        JsonNode page = Json.MAPPER.readTree(
                "{\"type\":\"url_citation\",\"url_citation\":{\"title\":\"T\",\"url\":\"https://example.com\"}}");
        JsonNode own = Json.MAPPER.readTree("{\"type\":\"char_location\",\"cited_text\":\"x\"}");
        String stream = write(
                new ChatEvent.TextDelta(0, "ok"),
                new ChatEvent.Annotation(0, page),
                new ChatEvent.Annotation(0, own),
                END);
        MessagesStream.check(stream);
        assertThat(stream)
                .contains("\"citation\":{\"type\":\"web_search_result_location\",\"url\":\"https://example.com\"")
                .contains("\"citation\":{\"type\":\"char_location\",\"cited_text\":\"x\"}");
    }

    @Test
    void blocksOfAnthropicsOwnComeBackWhole() throws Exception {
        JsonNode block = Json.MAPPER.readTree("{\"type\":\"server_tool_use\",\"id\":\"s\",\"input\":{\"a\":1.50}}");
        ContentPart.Opaque own = new ContentPart.Opaque("anthropic", block);
        assertThat(write(new ChatEvent.WholePart(0, own), END)).contains("\"content_block\":" + block);
        assertThat(blocks(new ChatEvent.WholePart(0, new ContentPart.Opaque("other", block)), END))
                .isEmpty();
    }

    @Test
    void idsThatDoNotFitAreWrittenInLettersThatDo() {
        String stream = write(new ChatEvent.ToolCallStart(0, 0, "functions.f:0", "f"), END);
        assertThat(stream).contains("\"id\":\"mhid_ZnVuY3Rpb25zLmY6MA\"");
    }

    @Test
    void aFailureIsTheLastRecord() {
        String stream = write(
                new ChatEvent.TextDelta(0, "so"),
                new ChatEvent.Failure(new GatewayException.RateLimited("requests", "slow down", null)),
                new ChatEvent.TextDelta(0, "more"),
                END);
        MessagesStream.check(stream);
        assertThat(stream)
                .endsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                        + "\"message\":\"slow down\",\"details\":{\"error_code\":\"rate_limit_exceeded\"}}}\n\n");
    }

    @Test
    void anEmptyAnswerHasNoBlocks() {
        assertThat(blocks(new ChatEvent.Finish(0, FinishReason.STOP), END)).isEmpty();
        assertThat(blocks(END)).isEmpty();
    }

    @Test
    void ofSeveralChoicesTheFirstToSpeakAnswers() {
        assertThat(blocks(new ChatEvent.TextDelta(1, "b"), new ChatEvent.TextDelta(0, "a"), END))
                .containsExactly("text: b");
    }

    @Test
    void nothingFollowsTheReasonToStop() {
        assertThat(blocks(
                        new ChatEvent.TextDelta(0, "a"),
                        new ChatEvent.Finish(0, FinishReason.STOP),
                        new ChatEvent.TextDelta(0, "b"),
                        END))
                .containsExactly("text: a");
    }

    @Test
    void argumentsForACallThatIsOverAreADefect() {
        assertThatThrownBy(() -> write(
                        new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                        new ChatEvent.ToolCallStart(0, 1, "c1", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{}")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void halvesOfAnEmojiAreJson() {
        List<JsonNode> events = MessagesStream.check(
                write(new ChatEvent.TextDelta(0, "\ud83d"), new ChatEvent.TextDelta(0, "\udc2a"), END));
        assertThat(events.get(2).at("/delta/text").asText()
                        + events.get(3).at("/delta/text").asText())
                .isEqualTo("🐪");
    }
}
