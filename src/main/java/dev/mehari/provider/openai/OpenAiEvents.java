package dev.mehari.provider.openai;

import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.provider.Ask;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer for a client of another API, as events of the hub. {@link OpenAiStream} and {@link OpenAiAnswer} find
 * its ends and its faults and bring it into OpenAI's own shape; what they would pass on is taken apart here. One instance
 * an answer.
 */
final class OpenAiEvents implements EventDecoder, FrameReader {
    private final OpenAiStream frames;
    private final OpenAiParts parts;

    OpenAiEvents(Ask ask) {
        this.frames = new OpenAiStream(ask);
        this.parts = new OpenAiParts(ask);
    }

    /** A whole answer. */
    static Answer.Translated whole(Ask ask, Answer.Bytes answer) {
        ResponseFolder folder = new ResponseFolder();
        OpenAiParts parts = new OpenAiParts(ask);
        parts.read(answer.json(), folder);
        if (answer.usage() != null) {
            folder.accept(parts.report(answer.usage()));
        }
        parts.end(null, folder);
        folder.accept(new ChatEvent.End());
        return new Answer.Translated(folder.response(), answer.names());
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        frames.feed(bytes, offset, length, event -> read(event, sink));
    }

    @Override
    public void end(EventSink sink) {
        frames.end(event -> read(event, sink));
    }

    @Override
    public @Nullable AnswerNames names() {
        return frames.names();
    }

    @Override
    public void read(ChatEvent event, EventSink sink) {
        if (event instanceof ChatEvent.Frame frame) {
            parts.read(frame.bytes(), sink);
            if (frame.usage() != null) {
                sink.accept(parts.report(frame.usage()));
            }
        } else if (event instanceof ChatEvent.UsageReport report) {
            sink.accept(parts.report(report.usage()));
        } else {
            if (event instanceof ChatEvent.End) {
                parts.end(frames.usageJson(), sink);
            }
            sink.accept(event);
        }
    }
}
