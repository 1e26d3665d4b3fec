package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.util.List;
import org.junit.jupiter.api.Test;

/** States of a stream that the golden cases cannot show, because a chat client does not see them. */
class AnthropicStreamTest {
    private static final String START =
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"usage\":{\"input_tokens\":5,"
                    + "\"cache_creation_input_tokens\":7,\"cache_creation\":{\"ephemeral_5m_input_tokens\":3,"
                    + "\"ephemeral_1h_input_tokens\":4},\"output_tokens\":1}}}";
    private static final String TEXT =
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}";
    private static final String DELTA =
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";
    private static final Claude CLAUDE = Claude.shipped();

    private static List<ChatEvent> events(String... records) {
        return CLAUDE.events(Claude.HELLO, records);
    }

    @Test
    void usageIsToldAtOnceAndStandsWhenTheStreamFails() {
        List<ChatEvent> events = events(START, TEXT, DELTA);
        assertThat(events.get(0)).isInstanceOf(ChatEvent.Start.class);
        Usage spent = Usage.of(12L, 1L).with(UsageDetail.CACHE_WRITE, 7L).with(UsageDetail.LONG_CACHE_WRITE, 4L);
        assertThat(events.get(1)).isEqualTo(new ChatEvent.UsageReport(spent));
        assertThat(events.get(3)).isEqualTo(new ChatEvent.UsageReport(spent));
        assertThat(events.getLast()).isInstanceOf(ChatEvent.Failure.class);
    }

    @Test
    void nothingCommitsBeforeTheFirstWord() {
        List<ChatEvent> events = events(START, "{\"type\":\"ping\"}", TEXT, DELTA);
        assertThat(events).filteredOn(ChatEvent::commits).hasSize(1);
        assertThat(events.get(2)).isEqualTo(new ChatEvent.TextDelta(0, "hi"));
    }

    @Test
    void afterTheEndNothingCounts() {
        List<ChatEvent> events = events(START, TEXT, DELTA, STOP, DELTA, "{\"type\":\"error\",\"error\":{}}", "[DONE]");
        assertThat(events.getLast()).isInstanceOf(ChatEvent.End.class);
        assertThat(events).filteredOn(ChatEvent.TextDelta.class::isInstance).hasSize(1);
    }

    @Test
    void aStreamWithoutABeginningStillHasOne() {
        List<ChatEvent> events = events(DELTA, STOP);
        assertThat(events.getFirst()).isInstanceOfSatisfying(ChatEvent.Start.class, start -> assertThat(start.id())
                .isEqualTo("chatcmpl-ours"));
        assertThat(events).contains(new ChatEvent.Finish(0, FinishReason.STOP));
    }

    @Test
    void aBlockThatBeginsEndsTheOneBefore() {
        String thinking = "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\","
                + "\"thinking\":\"a\",\"signature\":\"S\"}}";
        assertThat(events(START, thinking, TEXT, DELTA, STOP))
                .containsSubsequence(
                        new ChatEvent.ReasoningDelta(0, "a", null),
                        new ChatEvent.ReasoningDelta(0, "", "S"),
                        new ChatEvent.TextDelta(0, "hi"));
    }

    @Test
    void blocksThatOnlyAnthropicKnowsAreKeptWhole() {
        List<ChatEvent> events = events(
                START,
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"server_tool_use\","
                        + "\"id\":\"s1\",\"name\":\"web_search\",\"input\":{}}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                        + "\"partial_json\":\"{\\\"query\\\":\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                        + "\"partial_json\":\"\\\"q\\\"}\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                STOP);
        assertThat(events)
                .contains(new ChatEvent.WholePart(
                        0,
                        new ContentPart.Opaque(
                                "anthropic",
                                Claude.json("{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\","
                                        + "\"input\":{\"query\":\"q\"}}"))));
    }

    @Test
    void anErrorThatIsNullIsNone() {
        assertThat(events(
                                START.replace(
                                        "\"type\":\"message_start\"", "\"type\":\"message_start\",\"error\":null"),
                                DELTA,
                                STOP)
                        .getLast())
                .isInstanceOf(ChatEvent.End.class);
    }

    @Test
    void nonsenseIsAFailureAndNeverThrown() {
        for (String nonsense : List.of("[1]", "42", "{", "{\"type\":", "null", "{\"type\":\"content_block_start\"}")) {
            assertThat(events(START, nonsense).getLast()).as(nonsense).isInstanceOf(ChatEvent.Failure.class);
        }
        for (String odd : List.of(
                "{}",
                "{\"type\":7}",
                "{\"type\":\"content_block_delta\"}",
                "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":{}}}",
                "{\"type\":\"content_block_stop\"}",
                "{\"type\":\"message_start\",\"message\":3}")) {
            assertThat(events(START, odd, STOP).getLast()).as(odd).isInstanceOf(ChatEvent.End.class);
        }
    }
}
