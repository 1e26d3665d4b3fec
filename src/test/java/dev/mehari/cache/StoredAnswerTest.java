package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.cache.StoredAnswer.Content;
import dev.mehari.cache.StoredAnswer.Origin;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An answer loses nothing on its way into bytes and back. */
class StoredAnswerTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_764_000_000_123L);
    private static final Origin ORIGIN =
            new Origin("openai", "gpt-4o", new AnswerNames("chatcmpl-1", "gpt-4o-2024-08-06"), List.of("top_k"));

    /** One of each kind, with everything it may hold. */
    static final List<ChatEvent> ALL = List.of(
            new ChatEvent.ReasoningDelta(0, "hm", null),
            new ChatEvent.ReasoningDelta(0, "", "c2ln"),
            new ChatEvent.RedactedReasoning(0, "b3BhcXVl"),
            new ChatEvent.TextDelta(0, "héllo 😀 \ud83d"),
            new ChatEvent.TextDelta(1, "\ude00"),
            new ChatEvent.Annotation(0, Json.MAPPER.createObjectNode().put("type", "url_citation")),
            new ChatEvent.RefusalDelta(1, "no"),
            new ChatEvent.ToolCallStart(0, 0, "call_1", "f", false, "thought"),
            new ChatEvent.ToolCallDelta(0, 0, "{\"a\":1.0}"),
            new ChatEvent.ToolCallStart(0, 1, "call_2", "c", true, null),
            new ChatEvent.ToolCallDelta(0, 1, "free"),
            new ChatEvent.WholePart(0, new ContentPart.Image(new MediaSource.Inline("image/png", "iVBO"), "low", null)),
            new ChatEvent.WholePart(0, new ContentPart.Image(new MediaSource.Url("https://a"), null, null)),
            new ChatEvent.WholePart(0, new ContentPart.Audio("UklG", "wav", null)),
            new ChatEvent.WholePart(
                    0,
                    new ContentPart.Document(
                            new MediaSource.FileId("file-1"),
                            "a.pdf",
                            null,
                            new Extras(Map.of(
                                    "context", Json.MAPPER.getNodeFactory().textNode("x"))))),
            new ChatEvent.WholePart(
                    0,
                    new ContentPart.Text(
                            "cited", List.of(Json.MAPPER.createObjectNode().put("b", 2)), null)),
            new ChatEvent.WholePart(
                    0,
                    new ContentPart.Opaque(
                            "anthropic", Json.MAPPER.createObjectNode().put("type", "server_tool_use"))),
            new ChatEvent.Logprobs(0, Json.MAPPER.createObjectNode().set("content", Json.MAPPER.createArrayNode())),
            new ChatEvent.ProviderFields(Json.MAPPER.createObjectNode().set("gemini", Json.MAPPER.createObjectNode())),
            new ChatEvent.Finish(0, FinishReason.TOOL_CALLS),
            new ChatEvent.Finish(1, FinishReason.STOP, "END"),
            new ChatEvent.UsageReport(
                    new Usage(
                            1L,
                            null,
                            Map.of(
                                    UsageDetail.CACHE_WRITE, 0L,
                                    UsageDetail.COMPLETION_AUDIO, Long.MAX_VALUE,
                                    UsageDetail.WEB_SEARCHES, 3L,
                                    UsageDetail.PROMPT_IMAGE, 258L)),
                    "flex"),
            new ChatEvent.End());

    @Test
    void everyEventComesBackAsItWas() {
        StoredAnswer.Read read = StoredAnswer.of(bytes(ALL)).read();
        assertThat(read.content()).isEqualTo(new Content.Chat(ALL));
        assertThat(read.origin()).isEqualTo(ORIGIN);
        StoredAnswer known = StoredAnswer.of(bytes(ALL));
        assertThat(known.at()).isEqualTo(NOW);
        assertThat(known.ttl()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void everyKindOfEventIsKept() {
        List<Class<?>> known = Arrays.asList(ChatEvent.class.getPermittedSubclasses());
        List<Class<?>> never = List.of(ChatEvent.Frame.class, ChatEvent.Start.class, ChatEvent.Failure.class);
        assertThat(known).allMatch(kind -> never.contains(kind) || ALL.stream().anyMatch(kind::isInstance));
    }

    @Test
    void aVectorComesBackAsItWas() {
        float[] vector = {0.1f, -1f, Float.MIN_VALUE};
        StoredAnswer kept = StoredAnswer.of(vector, 7L, ORIGIN, NOW, Duration.ofMinutes(1));
        assertThat(StoredAnswer.of(kept.bytes()).read().content())
                .isInstanceOfSatisfying(Content.Vector.class, read -> {
                    assertThat(read.vector()).isEqualTo(vector);
                    assertThat(read.tokens()).isEqualTo(7);
                });
    }

    @Test
    void whatIsCutIsNoAnswer() {
        byte[] whole = bytes(ALL);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> StoredAnswer.of(cut).read())
                    .as("of %d bytes", length)
                    .isInstanceOf(CorruptAnswer.class);
        }
    }

    @Test
    void anyBytesAreAnAnswerOrCorrupt() {
        byte[] whole = bytes(ALL);
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) 0x81;
            try {
                StoredAnswer.of(changed).read();
            } catch (CorruptAnswer told) {
                assertThat(told).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void onlyWholeAnswersAreKept() {
        assertThat(keep(List.of(new ChatEvent.TextDelta(0, "x"), new ChatEvent.End())))
                .isNull();
        assertThat(keep(List.of(new ChatEvent.Finish(0, FinishReason.STOP)))).isNull();
        for (FinishReason partial : List.of(FinishReason.LENGTH, FinishReason.CONTENT_FILTER)) {
            assertThat(keep(List.of(
                            new ChatEvent.Finish(0, FinishReason.STOP),
                            new ChatEvent.Finish(1, partial),
                            new ChatEvent.End())))
                    .isNull();
        }
    }

    private static StoredAnswer keep(List<ChatEvent> events) {
        return StoredAnswer.of(events, ORIGIN, NOW, Duration.ofHours(1));
    }

    private static byte[] bytes(List<ChatEvent> events) {
        return keep(events).bytes();
    }
}
