package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import dev.mehari.testing.Answers;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.Shipped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeminiStreamTest {
    private final ThoughtSignatures signatures = new ThoughtSignatures();
    private final Ask ask =
            Shipped.ask(Shipped.providers().find("gemini"), "gemini-3-pro-preview", Answers.ask("gemini", true));
    private final EventDecoder decoder = new GeminiStream(ask, signatures);
    private final List<ChatEvent> events = new ArrayList<>();

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        decoder.feed(bytes, 0, bytes.length, events::add);
    }

    private static String record(String json) {
        return "data: " + json + "\r\n\r\n";
    }

    @Test
    void textComesAtOnceAndTheEndAtTheEnd() {
        feed(record(GeminiAnswers.response("STOP", GeminiAnswers.text("Hi"))));
        assertThat(events).hasSize(2).last().isEqualTo(new ChatEvent.TextDelta(0, "Hi"));
        assertThat(events.getFirst()).isInstanceOfSatisfying(ChatEvent.Start.class, start -> assertThat(start.id())
                .isEqualTo("chatcmpl-resp_1"));
        decoder.end(events::add);
        assertThat(events.subList(2, events.size()))
                .hasExactlyElementsOfTypes(ChatEvent.Finish.class, ChatEvent.UsageReport.class, ChatEvent.End.class);
    }

    @Test
    void aSignatureIsRememberedByTheIdOfItsCall() {
        feed(record(GeminiAnswers.response("STOP", GeminiAnswers.call("f", "{}", "c2ln"))));
        ChatEvent.ToolCallStart call = (ChatEvent.ToolCallStart) events.get(1);
        assertThat(call.signature()).isEqualTo("c2ln");
        assertThat(signatures.find(call.id())).isEqualTo("c2ln");
    }

    @Test
    void nothingFollowsAFailure() {
        feed(record("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":"));
        feed(record(GeminiAnswers.response("STOP", GeminiAnswers.text("Hi"))));
        decoder.end(events::add);
        assertThat(events).hasExactlyElementsOfTypes(ChatEvent.Failure.class);
    }

    @Test
    void argumentsKeepTheirDigits() {
        feed(record(GeminiAnswers.response(
                "STOP",
                GeminiAnswers.call("f", "{\"big\": 12345678901234567890, \"f\": 1.10, \"s\": \"a b\"}", null))));
        assertThat(events.getLast())
                .isEqualTo(
                        new ChatEvent.ToolCallDelta(0, 0, "{\"big\":12345678901234567890,\"f\":1.10,\"s\":\"a b\"}"));
    }

    @Test
    void aRecordBeyondAllMeasureIsAFailure() {
        feed("data: ");
        byte[] much = new byte[1024 * 1024];
        java.util.Arrays.fill(much, (byte) 'x');
        for (int i = 0; i <= SseReader.MAX_EVENT_BYTES / much.length; i++) {
            decoder.feed(much, 0, much.length, events::add);
        }
        decoder.end(events::add);
        assertThat(events).hasExactlyElementsOfTypes(ChatEvent.Failure.class);
    }

    @Test
    void oddShapesAreNoException() {
        for (String odd : List.of(
                "{\"candidates\":5,\"promptFeedback\":[],\"usageMetadata\":\"x\",\"responseId\":7}",
                "{\"candidates\":[{\"content\":[1]},3]}",
                "{\"candidates\":[{\"content\":{\"parts\":{}},\"finishReason\":4}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":5,\"thought\":\"x\",\"functionCall\":3}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"args\":[1],\"name\":{}}}]}}]}",
                "[]",
                "5",
                "\"x\"",
                "{\"error\":\"plain\"}",
                "")) {
            EventDecoder fresh = new GeminiStream(ask, signatures);
            List<ChatEvent> seen = new ArrayList<>();
            byte[] bytes = record(odd).getBytes(StandardCharsets.UTF_8);
            fresh.feed(bytes, 0, bytes.length, seen::add);
            fresh.end(seen::add);
            assertThat(seen.getLast()).as(odd).isInstanceOf(ChatEvent.Failure.class);
        }
    }
}
