package dev.mehari.provider.anthropic;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes a stream on to a client that speaks Anthropic's own API, event by event as the bytes they came in, pings and
 * events of later versions included. Looks only for what counts, ends or fails. One instance a stream.
 */
final class PassedStream extends AnthropicRecords {
    private final AnthropicUsage usage = new AnthropicUsage();

    PassedStream(Ask ask) {
        super(ask);
    }

    @Override
    void record(@Nullable String name, byte[] data, int offset, int length, EventSink receiving) {
        byte[] json = SseReader.oneLine(Arrays.copyOfRange(data, offset, offset + length));
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
        if (type.equals("message_start")) {
            names(event.names());
        }
        ChatEvent.UsageReport report = event.tellsUsage() ? usage.report() : null;
        sink.accept(new ChatEvent.Frame(
                type.equals("message_start") ? event.withModel(ask) : event.json(),
                event.commits(),
                report == null ? null : report.usage(),
                event.finish(),
                type));
        if (type.equals("message_stop")) {
            finished();
            sink.accept(new ChatEvent.End());
        }
    }

    /** Each frame has told it as it passed. */
    @Override
    void tellSpent(EventSink sink) {}
}
