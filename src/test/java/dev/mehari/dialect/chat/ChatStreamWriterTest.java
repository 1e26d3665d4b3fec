package dev.mehari.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatStreamWriterTest {
    private static final ChatEvent START = new ChatEvent.Start("chatcmpl-1", "m", 1);
    private static final String HEAD =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                    + "\"model\":\"m\",\"choices\":[";

    private static String write(ChatStreamWriter writer, ChatEvent... events) {
        ByteSink out = new ByteSink(16);
        writer.encode(START, out);
        for (ChatEvent event : events) {
            writer.encode(event, out);
        }
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    /** The deltas and finish reasons of a stream, each as {@code index delta finish}. */
    private static List<String> deltas(String stream) throws Exception {
        List<String> deltas = new ArrayList<>();
        for (String record : stream.split("\n\n")) {
            if (record.equals("data: [DONE]")) {
                continue;
            }
            for (JsonNode choice : Json.MAPPER.readTree(record.substring(6)).get("choices")) {
                deltas.add(choice.get("index") + " " + choice.get("delta") + " " + choice.get("finish_reason"));
            }
        }
        return deltas;
    }

    private static List<String> deltas(boolean legacy, ChatEvent... events) throws Exception {
        ChatEvent[] all = Arrays.copyOf(events, events.length + 1);
        all[events.length] = new ChatEvent.End();
        return deltas(write(new ChatStreamWriter(false, legacy), all));
    }

    private static ChatEvent finish(FinishReason reason) {
        return new ChatEvent.Finish(0, reason);
    }

    @Test
    void aTextStreamIsTheCanonicalOne() {
        String stream = write(
                new ChatStreamWriter(true, false),
                new ChatEvent.TextDelta(0, "Hi"),
                finish(FinishReason.STOP),
                new ChatEvent.UsageReport(Usage.of(1L, 1L)),
                new ChatEvent.End());
        assertThat(stream)
                .isEqualTo(HEAD
                        + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}\n\n"
                        + HEAD
                        + "{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}],\"usage\":null}\n\n"
                        + HEAD + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
                        + HEAD + "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}\n\n"
                        + "data: [DONE]\n\n");
    }

    @Test
    void whatOnlyTheProviderHasWordsForStandsBesideAnEmptyDelta() throws Exception {
        String stream = write(
                new ChatStreamWriter(true, false),
                new ChatEvent.TextDelta(0, "Hi"),
                new ChatEvent.ProviderFields(Json.MAPPER.readTree("{\"gemini\":{\"a\":1}}")),
                finish(FinishReason.STOP),
                new ChatEvent.End());
        assertThat(stream)
                .contains(HEAD + "{\"index\":0,\"delta\":{},\"finish_reason\":null}],"
                        + "\"provider_fields\":{\"gemini\":{\"a\":1}},\"usage\":null}\n\n")
                .contains("\"finish_reason\":\"stop\"}],\"usage\":null}");
    }

    @Test
    void withoutBeingAskedNoChunkSpeaksOfUsage() {
        String stream = write(
                new ChatStreamWriter(false, false),
                new ChatEvent.TextDelta(0, "Hi"),
                finish(FinishReason.STOP),
                new ChatEvent.UsageReport(Usage.of(1L, 1L)),
                new ChatEvent.End());
        assertThat(stream).doesNotContain("usage").endsWith("}]}\n\ndata: [DONE]\n\n");
    }

    @Test
    void usageComesAfterEveryFinishWhereverItWasReported() {
        String stream = write(
                new ChatStreamWriter(true, false),
                new ChatEvent.UsageReport(Usage.of(1L, 1L)),
                new ChatEvent.TextDelta(0, "Hi"),
                new ChatEvent.UsageReport(Usage.of(5L, 6L)
                        .with(UsageDetail.CACHED, 3L)
                        .with(UsageDetail.CACHE_WRITE, 1L)
                        .with(UsageDetail.REASONING, 2L)),
                finish(FinishReason.LENGTH),
                new ChatEvent.End());
        assertThat(stream)
                .endsWith("\"finish_reason\":\"length\"}],\"usage\":null}\n\n" + HEAD
                        + "],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":3,\"cache_write_tokens\":1},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}\n\ndata: [DONE]\n\n");
    }

    @Test
    void unknownUsageIsNotMadeUp() {
        String none = write(new ChatStreamWriter(true, false), finish(FinishReason.STOP), new ChatEvent.End());
        assertThat(none).doesNotContain("prompt_tokens").endsWith("data: [DONE]\n\n");
        String half = write(
                new ChatStreamWriter(true, false),
                finish(FinishReason.STOP),
                new ChatEvent.UsageReport(Usage.of(null, 4L)),
                new ChatEvent.End());
        assertThat(half).contains("\"usage\":{\"completion_tokens\":4}}");
    }

    @Test
    void anEmptyAnswerStillHasRoleAndFinish() throws Exception {
        assertThat(deltas(false, finish(FinishReason.STOP)))
                .containsExactly("0 {\"role\":\"assistant\",\"content\":\"\"} null", "0 {} \"stop\"");
    }

    @Test
    void parallelCallsHaveAHeaderEachAndThenArguments() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"a\""),
                        new ChatEvent.ToolCallDelta(0, 0, ":1}"),
                        new ChatEvent.ToolCallStart(0, 1, "c1", "f"),
                        new ChatEvent.ToolCallDelta(0, 1, "{}"),
                        finish(FinishReason.STOP)))
                .containsExactly(
                        "0 {\"role\":\"assistant\",\"content\":null} null",
                        "0 {\"tool_calls\":[{\"index\":0,\"id\":\"c0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"
                                + " null",
                        "0 {\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]} null",
                        "0 {\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]} null",
                        "0 {\"tool_calls\":[{\"index\":1,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"
                                + " null",
                        "0 {\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]} null",
                        "0 {} \"tool_calls\"");
    }

    @Test
    void emptyArgumentsBecomeAnEmptyObject() throws Exception {
        List<String> deltas = deltas(
                false,
                new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                new ChatEvent.ToolCallDelta(0, 0, ""),
                new ChatEvent.ToolCallStart(0, 1, "c1", "g"),
                finish(FinishReason.TOOL_CALLS));
        assertThat(deltas.get(2)).contains("\"index\":0,\"function\":{\"arguments\":\"{}\"}");
        assertThat(deltas.get(3)).contains("\"index\":1,\"id\":\"c1\"");
        assertThat(deltas.get(4)).contains("\"index\":1,\"function\":{\"arguments\":\"{}\"}");
        assertThat(deltas).hasSize(6);
    }

    @Test
    void argumentsForACallThatIsOverAreADefect() {
        var writer = new ChatStreamWriter(false, false);
        write(writer, new ChatEvent.ToolCallStart(0, 0, "c0", "f"), new ChatEvent.ToolCallStart(0, 1, "c1", "f"));
        var late = new ChatEvent.ToolCallDelta(0, 0, "{\"a\":1}");
        assertThatThrownBy(() -> writer.encode(late, new ByteSink(16))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void textBeforeACallIsKept() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.TextDelta(0, "let me see"),
                        new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                        finish(FinishReason.STOP)))
                .first()
                .isEqualTo("0 {\"role\":\"assistant\",\"content\":\"\"} null");
    }

    @Test
    void anAnswerCutShortWithCallsStaysCutShort() throws Exception {
        assertThat(deltas(false, new ChatEvent.ToolCallStart(0, 0, "c", "f"), finish(FinishReason.LENGTH)))
                .last()
                .isEqualTo("0 {} \"length\"");
    }

    @Test
    void reasoningPrecedesContentAndItsSignatureFollows() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.ReasoningDelta(0, "I ", null),
                        new ChatEvent.ReasoningDelta(0, "see", null),
                        new ChatEvent.ReasoningDelta(0, "", "sig"),
                        new ChatEvent.TextDelta(0, "ok"),
                        finish(FinishReason.STOP)))
                .containsExactly(
                        "0 {\"role\":\"assistant\",\"content\":null} null",
                        "0 {\"reasoning_content\":\"I \"} null",
                        "0 {\"reasoning_content\":\"see\"} null",
                        "0 {\"thinking_blocks\":[{\"index\":0,\"type\":\"thinking\",\"thinking\":\"I"
                                + " see\",\"signature\":\"sig\"}]} null",
                        "0 {\"content\":\"ok\"} null",
                        "0 {} \"stop\"");
    }

    @Test
    void aSignatureCoversItsOwnBlockOnly() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.ReasoningDelta(0, "unsigned", null),
                        new ChatEvent.TextDelta(0, "ok"),
                        new ChatEvent.ReasoningDelta(0, "signed", "sig")))
                .anyMatch(delta -> delta.contains("\"thinking\":\"signed\",\"signature\":\"sig\""));
    }

    @Test
    void refusalsAreNoContent() throws Exception {
        assertThat(deltas(false, new ChatEvent.RefusalDelta(0, "I’m sorry"), finish(FinishReason.STOP)))
                .contains("0 {\"refusal\":\"I’m sorry\"} null");
    }

    @Test
    void choicesInterleaveEachWithRoleAndOneFinish() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.TextDelta(0, "a"),
                        new ChatEvent.TextDelta(1, "b"),
                        new ChatEvent.Finish(1, FinishReason.STOP),
                        new ChatEvent.Finish(1, FinishReason.LENGTH),
                        new ChatEvent.TextDelta(1, "late"),
                        new ChatEvent.Finish(0, FinishReason.STOP)))
                .containsExactly(
                        "0 {\"role\":\"assistant\",\"content\":\"\"} null",
                        "0 {\"content\":\"a\"} null",
                        "1 {\"role\":\"assistant\",\"content\":\"\"} null",
                        "1 {\"content\":\"b\"} null",
                        "1 {} \"stop\"",
                        "0 {} \"stop\"");
    }

    @Test
    void aChoiceNobodyFinishedIsFinishedAtTheEnd() throws Exception {
        assertThat(deltas(false, new ChatEvent.TextDelta(0, "a"))).last().isEqualTo("0 {} \"stop\"");
    }

    @Test
    void functionsGetOneFunctionCallBack() throws Exception {
        assertThat(deltas(
                        true,
                        new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{}"),
                        new ChatEvent.ToolCallStart(0, 1, "c1", "g"),
                        new ChatEvent.ToolCallDelta(0, 1, "{}"),
                        finish(FinishReason.TOOL_CALLS)))
                .containsExactly(
                        "0 {\"role\":\"assistant\",\"content\":null} null",
                        "0 {\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}} null",
                        "0 {\"function_call\":{\"arguments\":\"{}\"}} null",
                        "0 {} \"function_call\"");
    }

    @Test
    void aFailureIsOneErrorRecordAndTheEnd() {
        String stream = write(
                new ChatStreamWriter(true, false),
                new ChatEvent.TextDelta(0, "Hi"),
                new ChatEvent.Failure(new GatewayException.UpstreamProtocol("broke \"off\"")),
                new ChatEvent.TextDelta(0, "more"),
                new ChatEvent.End());
        assertThat(stream)
                .endsWith("\n\ndata: {\"error\":{\"message\":\"broke \\\"off\\\"\",\"type\":\"upstream_error\","
                        + "\"param\":null,\"code\":\"upstream_protocol_error\"}}\n\n")
                .doesNotContain("[DONE]", "more");
    }

    @Test
    void framesPassAsTheyAre() {
        ByteSink out = new ByteSink(16);
        ChatStreamWriter writer = new ChatStreamWriter(true, false);
        byte[] payload = "{\"x\": 1.0 }".getBytes(StandardCharsets.UTF_8);
        writer.encode(new ChatEvent.Frame(payload, true, Usage.of(1L, 1L), FinishReason.STOP), out);
        writer.encode(new ChatEvent.End(), out);
        writer.encode(new ChatEvent.End(), out);
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("data: {\"x\": 1.0 }\n\ndata: [DONE]\n\n");
    }

    @Test
    void everyRecordIsOneLineOfJson() throws Exception {
        String stream = write(
                new ChatStreamWriter(true, false),
                new ChatEvent.TextDelta(0, "two\nlines\r\n\"x\" 🐪 \ud83d"),
                finish(FinishReason.STOP),
                new ChatEvent.End());
        assertThat(deltas(stream)).hasSize(3);
        assertThat(stream.lines().filter(line -> !line.isEmpty())).allMatch(line -> line.startsWith("data: "));
    }

    @Test
    void whatOnlySomeProvidersSayHasItsField() throws Exception {
        var image = new ContentPart.Image(new MediaSource.Inline("image/png", "iVBO"), null, null);
        assertThat(deltas(
                        false,
                        new ChatEvent.RedactedReasoning(0, "hidden"),
                        new ChatEvent.TextDelta(0, "see"),
                        new ChatEvent.Annotation(0, Json.MAPPER.readTree("{\"type\":\"url_citation\"}")),
                        new ChatEvent.WholePart(0, image),
                        new ChatEvent.WholePart(0, new ContentPart.Audio("UklG", "wav", null)),
                        new ChatEvent.WholePart(0, new ContentPart.Opaque("other", Json.MAPPER.readTree("{\"a\":1}"))),
                        finish(FinishReason.STOP)))
                .containsExactly(
                        "0 {\"role\":\"assistant\",\"content\":null} null",
                        "0 {\"thinking_blocks\":[{\"index\":0,\"type\":\"redacted_thinking\",\"data\":\"hidden\"}]} null",
                        "0 {\"content\":\"see\"} null",
                        "0 {\"annotations\":[{\"index\":0,\"type\":\"url_citation\"}]} null",
                        "0 {\"images\":[{\"index\":0,\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBO\"}}]} null",
                        "0 {\"audio\":{\"data\":\"UklG\"}} null",
                        "0 {\"provider_blocks\":[{\"index\":0,\"provider\":\"other\",\"block\":{\"a\":1}}]} null",
                        "0 {} \"stop\"");
    }

    @Test
    void entriesOfListsTellTheirPlaces() throws Exception {
        var note = Json.MAPPER.readTree("{\"type\":\"url_citation\"}");
        assertThat(deltas(
                        false,
                        new ChatEvent.Annotation(0, note),
                        new ChatEvent.Annotation(0, note),
                        new ChatEvent.Annotation(1, note),
                        finish(FinishReason.STOP)))
                .contains(
                        "0 {\"annotations\":[{\"index\":0,\"type\":\"url_citation\"}]} null",
                        "0 {\"annotations\":[{\"index\":1,\"type\":\"url_citation\"}]} null",
                        "1 {\"annotations\":[{\"index\":0,\"type\":\"url_citation\"}]} null");
    }

    @Test
    void oddAnnotationsStillMakeJson() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.Annotation(0, Json.MAPPER.readTree("{}")),
                        new ChatEvent.Annotation(0, Json.MAPPER.readTree("{\"index\":7,\"type\":\"a\"}")),
                        finish(FinishReason.STOP)))
                .contains(
                        "0 {\"annotations\":[{\"index\":0}]} null",
                        "0 {\"annotations\":[{\"index\":1,\"type\":\"a\"}]} null");
    }

    @Test
    void aCustomCallHasInputInsteadOfArgumentsAndMayStayEmpty() throws Exception {
        assertThat(deltas(
                        false,
                        new ChatEvent.ToolCallStart(0, 0, "c0", "patch", true, null),
                        new ChatEvent.ToolCallDelta(0, 0, "*** Begin"),
                        new ChatEvent.ToolCallStart(0, 1, "c1", "noop", true, null),
                        finish(FinishReason.TOOL_CALLS)))
                .containsExactly(
                        "0 {\"role\":\"assistant\",\"content\":null} null",
                        "0 {\"tool_calls\":[{\"index\":0,\"id\":\"c0\",\"type\":\"custom\",\"custom\":{\"name\":\"patch\",\"input\":\"\"}}]}"
                                + " null",
                        "0 {\"tool_calls\":[{\"index\":0,\"custom\":{\"input\":\"*** Begin\"}}]} null",
                        "0 {\"tool_calls\":[{\"index\":1,\"id\":\"c1\",\"type\":\"custom\",\"custom\":{\"name\":\"noop\",\"input\":\"\"}}]}"
                                + " null",
                        "0 {} \"tool_calls\"");
    }

    @Test
    void googlesSignatureTravelsWithTheCall() throws Exception {
        assertThat(deltas(
                        false, new ChatEvent.ToolCallStart(0, 0, "c0", "f", false, "c2ln"), finish(FinishReason.STOP)))
                .anyMatch(delta -> delta.contains("\"extra_content\":{\"google\":{\"thought_signature\":\"c2ln\"}}"));
    }

    @Test
    void logprobsTheStopSequenceAndTheServiceTierAreTold() throws Exception {
        String stream = write(
                new ChatStreamWriter(true, false),
                new ChatEvent.TextDelta(0, "Hi"),
                new ChatEvent.Logprobs(0, Json.MAPPER.readTree("{\"content\":[{\"token\":\"Hi\"}]}")),
                new ChatEvent.Finish(0, FinishReason.STOP, "END"),
                new ChatEvent.UsageReport(
                        Usage.of(1L, 2L).with(UsageDetail.PROMPT_AUDIO, 3L).with(UsageDetail.COMPLETION_AUDIO, 4L),
                        "priority"),
                new ChatEvent.End());
        assertThat(stream)
                .contains("\"delta\":{},\"logprobs\":{\"content\":[{\"token\":\"Hi\"}]},\"finish_reason\":null}")
                .contains("\"finish_reason\":\"stop\",\"stop_reason\":\"END\"}")
                .contains(
                        "\"prompt_tokens_details\":{\"audio_tokens\":3},\"completion_tokens_details\":{\"audio_tokens\":4}}"
                                + ",\"service_tier\":\"priority\"}");
    }
}
