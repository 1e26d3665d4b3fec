package dev.mehari.provider.gemini;

import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of {@code GenerateContentResponse}s. It has no last record, it just ends. An error may stand in it without
 * the clothes of an event: a line that begins with a bracket begins bare JSON, to the end. One instance a stream.
 */
final class GeminiStream implements EventDecoder {
    private static final int MOST_BARE_BYTES = 1024 * 1024;

    private final GeminiEvents events;
    private final String who;
    private final SseReader reader = new SseReader(this::record);
    private @Nullable EventSink sink;
    private @Nullable ByteSink bare;
    private boolean lineStarts = true;

    GeminiStream(Ask ask, ThoughtSignatures signatures) {
        this.events = new GeminiEvents(ask, signatures);
        this.who = "provider \"" + ask.provider().name() + "\" ";
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        this.sink = sink;
        int start = bare == null ? bareStart(bytes, offset, length) : offset;
        try {
            reader.feed(bytes, offset, start - offset);
        } catch (SseReader.EventTooLarge tooLarge) {
            events.fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()), sink);
        }
        if (start < offset + length) {
            keepBare(bytes, start, offset + length - start);
        }
    }

    @Override
    public void end(EventSink sink) {
        this.sink = sink;
        try {
            reader.end();
        } catch (SseReader.EventTooLarge tooLarge) {
            events.fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()), sink);
        }
        ByteSink json = bare;
        if (json != null) {
            events.read(json.array(), 0, json.length(), sink);
        }
        events.end(sink);
    }

    @Override
    public @Nullable AnswerNames names() {
        return events.names();
    }

    /** Where bare JSON begins; the end of the bytes when it does not. */
    private int bareStart(byte[] bytes, int offset, int length) {
        boolean fresh = lineStarts;
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (fresh && (b == '{' || b == '[')) {
                bare = new ByteSink(512);
                return i;
            }
            fresh = b == '\n' || b == '\r';
        }
        lineStarts = fresh;
        return offset + length;
    }

    private void keepBare(byte[] bytes, int offset, int length) {
        ByteSink json = bare;
        if (json != null && json.length() < MOST_BARE_BYTES) {
            json.write(bytes, offset, length);
        }
    }

    private void record(@Nullable String name, byte[] data, int offset, int length) {
        EventSink receiving = sink;
        if (receiving != null && !isDone(data, offset, length)) {
            events.read(data, offset, length, receiving);
        }
    }

    /** Not Google's, but proxies before it close with OpenAI's last record. */
    private static boolean isDone(byte[] data, int offset, int length) {
        return length == 6 && data[offset] == '[' && data[offset + 1] == 'D';
    }
}
