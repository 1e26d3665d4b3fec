package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EventStreamReader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ConverseStream: {@code messageStart}, blocks with deltas, {@code messageStop}, {@code metadata}. The finish
 * waits for the counts, which come after it. One instance a stream.
 */
final class BedrockStream implements EventDecoder, EventStreamReader.Messages {
    private final Ask ask;
    private final String who;
    private final BedrockBlocks blocks;
    private final BedrockOwnBlocks ownBlocks = new BedrockOwnBlocks();
    private final BedrockEvent event = new BedrockEvent();
    private final EventStreamReader reader = new EventStreamReader(this);

    private @Nullable EventSink sink;
    private @Nullable AnswerNames names;
    private boolean over;

    BedrockStream(Ask ask, BedrockBlocks blocks) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
        this.blocks = blocks;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        if (over) {
            return;
        }
        this.sink = sink;
        blocks.into(sink);
        try {
            reader.feed(bytes, offset, length);
        } catch (EventStreamReader.BadFrame damaged) {
            fail(new UpstreamProtocol(who + "sent " + damaged.getMessage()));
        }
    }

    @Override
    public void end(EventSink sink) {
        this.sink = sink;
        blocks.into(sink);
        if (over) {
            return;
        }
        if (blocks.hasStopped() && !reader.isCut()) {
            // Complete but for its counts.
            finish();
        } else {
            fail(new UpstreamUnavailable(502, who + "ended its stream before the answer was complete", null));
        }
    }

    @Override
    public void event(String type, byte[] payload, int offset, int length) {
        if (over) {
            return;
        }
        try {
            event.read(payload, offset, length);
        } catch (IOException notJson) {
            fail(new UpstreamProtocol(who + "sent an event that is not JSON"));
            return;
        }
        switch (type) {
            case "messageStart" -> blocks.start();
            case "contentBlockStart" -> begin();
            case "contentBlockDelta" -> delta();
            case "contentBlockStop" -> {
                JsonNode own = ownBlocks.end(event.block);
                if (own != null) {
                    blocks.opaque(own);
                }
                blocks.blockEnd(event.block);
            }
            case "messageStop" -> {
                own();
                if (event.stopReason != null) {
                    blocks.stop(event.stopReason, event.stopSequence);
                }
            }
            case "metadata" -> {
                own();
                names = AnswerNames.of(null, event.invoked);
                if (blocks.hasStopped()) {
                    finish();
                }
            }
            default -> {
                // A kind of event that came after this was written.
            }
        }
    }

    /** Converse gives its answers no id; that of the request is in a header. */
    @Override
    public @Nullable AnswerNames names() {
        return names;
    }

    private void own() {
        if (event.others != null) {
            blocks.own(event.others);
        }
    }

    private void begin() {
        if (event.own != null) {
            ownBlocks.begin(event.block, event.own);
        } else if (event.callName != null) {
            blocks.callStart(event.block, event.callId == null ? "" : event.callId, event.callName);
        }
    }

    private void delta() {
        if (event.text != null) {
            blocks.text(event.text);
        }
        if (event.result != null) {
            ownBlocks.results(event.block, event.result);
        }
        if (event.input != null && !ownBlocks.input(event.block, event.input)) {
            blocks.callInput(event.block, event.input);
        }
        if (event.reasoning != null) {
            blocks.reasoning(event.reasoning);
        }
        if (event.signature != null) {
            blocks.signature(event.signature);
        }
        if (event.redacted != null) {
            blocks.redacted(event.redacted);
        }
        if (event.citation != null) {
            blocks.citation(event.citation);
        }
        if (event.image != null) {
            blocks.image(
                    event.image.path("format").asText("png"),
                    event.image.at("/source/bytes").asText());
        }
    }

    private void finish() {
        over = true;
        String failure = blocks.failure();
        if (failure != null) {
            emit(new ChatEvent.Failure(new UpstreamProtocol(who + failure)));
        } else {
            blocks.end(event.usage, event.serviceTier);
        }
    }

    @Override
    public void failure(String type, @Nullable String message, byte[] payload, int offset, int length) {
        if (!over) {
            fail(BedrockError.inStream(
                    ask.provider(), type, message, Arrays.copyOfRange(payload, offset, offset + length)));
        }
    }

    private void fail(GatewayException reason) {
        over = true;
        emit(new ChatEvent.Failure(reason));
    }

    private void emit(ChatEvent event) {
        EventSink receiving = sink;
        if (receiving != null) {
            receiving.accept(event);
        }
    }
}
