package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.provider.Ask;
import dev.mehari.provider.OwnFields;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of Messages events. What it does not know (pings, events of later versions) it passes over.
 *
 * <p>Source: Anthropic API reference, streaming, read 2026-11-21. One instance a stream.
 */
final class AnthropicStream extends AnthropicRecords implements FrameReader {
    private final AnthropicContent content;
    private final AnthropicUsage usage = new AnthropicUsage();
    private final OwnFields own = new OwnFields("anthropic");

    private @Nullable String stopReason;
    private @Nullable String stopSequence;
    private @Nullable String explanation;

    AnthropicStream(Ask ask, ClaudeModels models) {
        super(ask);
        this.content = new AnthropicContent(ask, models);
    }

    /** The frames of a {@link PassedStream}; what ends one is in them. */
    @Override
    public void read(ChatEvent passed, EventSink sink) {
        switch (passed) {
            case ChatEvent.Frame frame -> record(frame.name(), frame.bytes(), 0, frame.bytes().length, sink);
            case ChatEvent.Failure failure -> sink.accept(failure);
            default -> {}
        }
    }

    @Override
    void record(@Nullable String name, byte[] data, int offset, int length, EventSink receiving) {
        AnthropicEvent event = AnthropicEvent.read(data, offset, length, usage);
        if (event == null) {
            fail(new UpstreamProtocol(who + "sent an event that is not a JSON object"), receiving);
        } else if (event.error() != null) {
            fail(error(event), receiving);
        } else {
            take(event.type().isEmpty() && name != null ? name : event.type(), event, receiving);
        }
    }

    private GatewayException error(AnthropicEvent event) {
        return AnthropicError.inside(
                ask.provider(), Json.MAPPER.createObjectNode().set("error", event.error()));
    }

    private void take(String type, AnthropicEvent event, EventSink sink) {
        switch (type) {
            case "content_block_delta" -> delta(event, sink);
            case "content_block_start" -> {
                AnthropicBlock block = event.block();
                if (block == null) {
                    fail(new UpstreamProtocol(who + "began a block without content"), sink);
                } else {
                    content.begin(block, sink);
                }
            }
            case "content_block_stop" -> content.end(sink);
            case "message_start" -> {
                names(AnswerNames.of(event.messageId(), event.messageModel()));
                content.start(event.messageId(), sink);
                report(sink);
                own(event);
            }
            case "message_delta" -> {
                own(event);
                stopReason = event.stopReason() == null ? stopReason : event.stopReason();
                stopSequence = event.stopSequence() == null ? stopSequence : event.stopSequence();
                explanation = event.explanation() == null ? explanation : event.explanation();
            }
            case "message_stop" -> {
                finished();
                content.own(own, stopReason, stopSequence, usage, sink);
                content.finish(stopReason, stopSequence, explanation, sink);
                report(sink);
                sink.accept(new ChatEvent.End());
            }
            case "error" -> fail(error(event), sink);
            default -> {
                // ping, or what came after this was written.
            }
        }
    }

    private void own(AnthropicEvent event) {
        JsonNode others = event.others();
        if (others != null) {
            own.putAll(others);
        }
    }

    private void delta(AnthropicEvent event, EventSink sink) {
        content.start("", sink);
        switch (event.deltaType()) {
            case "text_delta" -> content.text(event.text(), sink);
            case "input_json_delta" -> {
                if (!content.input(event.text(), sink)) {
                    fail(new UpstreamProtocol(who + "sent the input of a call that has not begun"), sink);
                }
            }
            case "thinking_delta" -> content.thinking(event.text(), sink);
            case "signature_delta" -> content.signature(event.text());
            case "citations_delta" -> {
                if (event.citation() != null) {
                    content.citation(event.citation());
                }
            }
            default -> {
                // A kind that came after this was written.
            }
        }
    }

    private void report(EventSink sink) {
        ChatEvent.UsageReport known = usage.report();
        if (known != null) {
            sink.accept(known);
        }
    }

    @Override
    void tellSpent(EventSink sink) {
        report(sink);
    }
}
