package dev.mehari.provider.anthropic;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes a stream on to a client that speaks Anthropic's own API, event by event as the bytes they came in, pings and
 * events of later versions included. Looks only for what counts, ends or fails. One instance a stream.
 */
final class PassedStream implements EventDecoder {
    private final Ask ask;
    private final String who;
    private final SseReader reader = new SseReader(this::record);
    private final AnthropicUsage usage = new AnthropicUsage();

    private @Nullable EventSink sink;
    private boolean over;

    PassedStream(Ask ask) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        this.sink = sink;
        try {
            reader.feed(bytes, offset, length);
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()), sink);
        }
    }

    @Override
    public void end(EventSink sink) {
        this.sink = sink;
        try {
            reader.end();
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()), sink);
        }
        fail(new UpstreamUnavailable(502, who + "ended its stream before the answer was complete", null), sink);
    }

    private void record(@Nullable String name, byte[] data, int offset, int length) {
        EventSink receiving = sink;
        if (over || receiving == null) {
            return;
        }
        byte[] json = oneLine(Arrays.copyOfRange(data, offset, offset + length));
        PassedEvent event = PassedEvent.read(json, usage);
        if (event == null) {
            fail(new UpstreamProtocol(who + "sent an event that is not a JSON object"), receiving);
        } else if (event.error() != null) {
            fail(
                    AnthropicError.inside(
                            ask.provider(), Json.MAPPER.createObjectNode().set("error", event.error())),
                    receiving);
        } else {
            pass(event.type().isEmpty() && name != null ? name : event.type(), event, receiving);
        }
    }

    private void pass(String type, PassedEvent event, EventSink sink) {
        ChatEvent.UsageReport report = event.tellsUsage() ? usage.report() : null;
        sink.accept(new ChatEvent.Frame(
                type.equals("message_start") ? event.withModel(ask) : event.json(),
                event.commits(),
                report == null ? null : report.usage(),
                event.finish(),
                type));
        if (type.equals("message_stop")) {
            over = true;
            sink.accept(new ChatEvent.End());
        }
    }

    private void fail(GatewayException reason, EventSink sink) {
        if (!over) {
            over = true;
            sink.accept(new ChatEvent.Failure(reason));
        }
    }

    /** JSON over several data lines is one value; on one line it can be sent on as it is. */
    private static byte[] oneLine(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return json;
    }
}
