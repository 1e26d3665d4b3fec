package dev.mehari.provider.anthropic;

import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import org.jspecify.annotations.Nullable;

/**
 * The records of one stream of Messages events, until it is over; what is made of each is for the readers. One instance a
 * stream.
 */
abstract sealed class AnthropicRecords implements EventDecoder permits AnthropicStream, PassedStream {
    final Ask ask;
    final String who;
    private final SseReader reader = new SseReader(this::record);

    private @Nullable EventSink sink;
    private @Nullable AnswerNames names;
    private boolean over;

    AnthropicRecords(Ask ask) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
    }

    /** Takes one record; not called once the stream is over. */
    abstract void record(@Nullable String name, byte[] data, int offset, int length, EventSink sink);

    /** The stream fails: what has been spent so far is spent, and is told unless it was already. */
    abstract void tellSpent(EventSink sink);

    @Override
    public final void feed(byte[] bytes, int offset, int length, EventSink sink) {
        this.sink = sink;
        try {
            reader.feed(bytes, offset, length);
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()), sink);
        }
    }

    @Override
    public final void end(EventSink sink) {
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
        if (!over && receiving != null) {
            record(name, data, offset, length, receiving);
        }
    }

    @Override
    public final @Nullable AnswerNames names() {
        return names;
    }

    /** The answer has begun. */
    final void names(@Nullable AnswerNames told) {
        names = told;
    }

    /** The answer is whole: nothing that follows counts. */
    final void finished() {
        over = true;
    }

    final void fail(GatewayException reason, EventSink sink) {
        if (!over) {
            over = true;
            tellSpent(sink);
            sink.accept(new ChatEvent.Failure(reason));
        }
    }
}
