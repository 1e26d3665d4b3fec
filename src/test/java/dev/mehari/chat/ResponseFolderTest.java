package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseFolderTest {
    private final ResponseFolder folder = new ResponseFolder();

    private ChatResponse fold(ChatEvent... events) {
        folder.accept(new ChatEvent.Start("chatcmpl-1", "m", 7));
        List.of(events).forEach(folder::accept);
        folder.accept(new ChatEvent.End());
        return folder.response();
    }

    @Test
    void textPiecesBecomeOneText() {
        ChatResponse response = fold(
                new ChatEvent.TextDelta(0, "Hel"),
                new ChatEvent.TextDelta(0, ""),
                new ChatEvent.TextDelta(0, "lo"),
                new ChatEvent.Finish(0, FinishReason.STOP),
                new ChatEvent.UsageReport(Usage.of(1L, 2L)));
        assertThat(response.id()).isEqualTo("chatcmpl-1");
        assertThat(response.model()).isEqualTo("m");
        assertThat(response.created()).isEqualTo(7);
        assertThat(response.usage()).isEqualTo(Usage.of(1L, 2L));
        assertThat(response.choices().getFirst().message().content()).containsExactly(ContentPart.Text.of("Hello"));
    }

    @Test
    void theOrderOfPartsIsKept() {
        ChatResponse response = fold(
                new ChatEvent.ReasoningDelta(0, "I ", null),
                new ChatEvent.ReasoningDelta(0, "think", null),
                new ChatEvent.ReasoningDelta(0, "", "sig"),
                new ChatEvent.ReasoningDelta(0, "again", null),
                new ChatEvent.TextDelta(0, "so"),
                new ChatEvent.ToolCallStart(0, 0, "c0", "f"),
                new ChatEvent.ToolCallDelta(0, 0, "{\"a\""),
                new ChatEvent.ToolCallDelta(0, 0, ":1}"),
                new ChatEvent.ToolCallStart(0, 1, "c1", "f"),
                new ChatEvent.Finish(0, FinishReason.STOP));
        assertThat(response.choices().getFirst().message().content())
                .containsExactly(
                        new AssistantPart.Reasoning(null, "I think", "sig"),
                        AssistantPart.Reasoning.of("again"),
                        ContentPart.Text.of("so"),
                        ToolCall.function("c0", "f", "{\"a\":1}"),
                        ToolCall.function("c1", "f", "{}"));
        assertThat(response.choices().getFirst().finish()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void choicesComeInTheOrderOfTheirIndex() {
        ChatResponse response = fold(
                new ChatEvent.TextDelta(1, "b"),
                new ChatEvent.RefusalDelta(0, "no"),
                new ChatEvent.RefusalDelta(0, "pe"),
                new ChatEvent.Finish(1, FinishReason.LENGTH),
                new ChatEvent.Finish(0, FinishReason.TOOL_CALLS));
        assertThat(response.choices()).extracting(ChatResponse.Choice::index).containsExactly(0, 1);
        assertThat(response.choices())
                .extracting(ChatResponse.Choice::finish)
                .containsExactly(FinishReason.STOP, FinishReason.LENGTH);
        assertThat(response.choices().getFirst().message().content())
                .containsExactly(new AssistantPart.Refusal("nope"));
    }

    @Test
    void theLastUsageCounts() {
        ChatResponse response =
                fold(new ChatEvent.UsageReport(Usage.of(1L, 1L)), new ChatEvent.UsageReport(Usage.of(1L, 9L)));
        assertThat(response.usage()).isEqualTo(Usage.of(1L, 9L));
    }

    @Test
    void aFailureIsThrownAndNothingAfterItCounts() {
        var reason = new GatewayException.UpstreamProtocol("broke off");
        folder.accept(new ChatEvent.Start("i", "m", 1));
        folder.accept(new ChatEvent.Failure(reason));
        folder.accept(new ChatEvent.End());
        assertThat(folder.ended()).isTrue();
        assertThatThrownBy(folder::response).isSameAs(reason);
    }

    @Test
    void anUnfinishedStreamHasNoAnswer() {
        folder.accept(new ChatEvent.Start("i", "m", 1));
        assertThat(folder.ended()).isFalse();
        assertThatThrownBy(folder::response).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void piecesThatComeWholeKeepTheirPlace() throws Exception {
        var image = new ContentPart.Image(new MediaSource.Inline("image/png", "iVBO"), null, null);
        var citation = Json.MAPPER.readTree("{\"type\":\"url_citation\"}");
        ChatResponse response = fold(
                new ChatEvent.RedactedReasoning(0, "hidden"),
                new ChatEvent.TextDelta(0, "see"),
                new ChatEvent.Annotation(0, citation),
                new ChatEvent.WholePart(0, image),
                new ChatEvent.ToolCallStart(0, 0, "c0", "f", false, "c2ln"),
                new ChatEvent.Finish(0, FinishReason.TOOL_CALLS),
                new ChatEvent.UsageReport(Usage.of(1L, 1L), "flex"));
        assertThat(response.choices().getFirst().message().content())
                .containsExactly(
                        new AssistantPart.RedactedReasoning("hidden"),
                        new ContentPart.Text("see", List.of(citation), null),
                        image,
                        new ToolCall("c0", false, "f", "{}", "c2ln"));
        assertThat(response.serviceTier()).isEqualTo("flex");
    }

    @Test
    void logprobsAreJoinedAndTheStopSequenceIsKept() throws Exception {
        ChatResponse.Choice choice = fold(
                        new ChatEvent.Logprobs(0, Json.MAPPER.readTree("{\"content\":[{\"token\":\"a\"}]}")),
                        new ChatEvent.Logprobs(0, Json.MAPPER.readTree("{\"content\":[{\"token\":\"b\"}]}")),
                        new ChatEvent.Finish(0, FinishReason.STOP, "END"))
                .choices()
                .getFirst();
        assertThat(choice.logprobs()).hasToString("{\"content\":[{\"token\":\"a\"},{\"token\":\"b\"}]}");
        assertThat(choice.stopSequence()).isEqualTo("END");
    }
}
