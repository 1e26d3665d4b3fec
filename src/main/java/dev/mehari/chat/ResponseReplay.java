package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;

/** A whole answer as the events of the stream it would have been: the way back from {@link ResponseFolder}. */
public final class ResponseReplay {
    private ResponseReplay() {}

    /** Emits the answer's events, from {@link ChatEvent.Start} to {@link ChatEvent.End}. */
    public static void play(ChatResponse response, EventSink sink) {
        sink.accept(new ChatEvent.Start(response.id(), response.model(), response.created()));
        JsonNode own = response.providerFields();
        for (ChatResponse.Choice choice : response.choices()) {
            play(choice, sink);
            if (own != null) {
                sink.accept(new ChatEvent.ProviderFields(own));
                own = null;
            }
            sink.accept(new ChatEvent.Finish(choice.index(), choice.finish(), choice.stopSequence()));
        }
        if (response.usage() != null) {
            sink.accept(new ChatEvent.UsageReport(response.usage(), response.serviceTier()));
        }
        sink.accept(new ChatEvent.End());
    }

    private static void play(ChatResponse.Choice choice, EventSink sink) {
        JsonNode logprobs = choice.logprobs();
        int calls = 0;
        for (AssistantPart part : choice.message().content()) {
            calls += part instanceof ToolCall ? 1 : 0;
            play(choice.index(), part, calls - 1, sink);
            if (logprobs != null && part instanceof ContentPart.Text) {
                // Of the tokens of the text, so that no message has to be begun for them behind calls.
                sink.accept(new ChatEvent.Logprobs(choice.index(), logprobs));
                logprobs = null;
            }
        }
        if (logprobs != null) {
            sink.accept(new ChatEvent.Logprobs(choice.index(), logprobs));
        }
    }

    private static void play(int choice, AssistantPart part, int call, EventSink sink) {
        switch (part) {
            case ContentPart.Text text -> {
                sink.accept(new ChatEvent.TextDelta(choice, text.text()));
                text.annotations().forEach(note -> sink.accept(new ChatEvent.Annotation(choice, note)));
            }
            case ContentPart other -> sink.accept(new ChatEvent.WholePart(choice, other));
            case AssistantPart.Refusal refusal -> sink.accept(new ChatEvent.RefusalDelta(choice, refusal.text()));
            case AssistantPart.Reasoning thought ->
                sink.accept(new ChatEvent.ReasoningDelta(choice, thought.text(), thought.signature()));
            case AssistantPart.RedactedReasoning block ->
                sink.accept(new ChatEvent.RedactedReasoning(choice, block.data()));
            case ToolCall asked -> {
                sink.accept(new ChatEvent.ToolCallStart(
                        choice, call, asked.id(), asked.name(), asked.custom(), asked.signature()));
                sink.accept(new ChatEvent.ToolCallDelta(choice, call, asked.arguments()));
            }
        }
    }
}
