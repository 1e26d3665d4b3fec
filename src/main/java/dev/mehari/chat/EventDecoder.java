package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one upstream stream into events. An incremental state machine: it is fed whatever the network
 * delivers, cut anywhere, and never reads itself, so that the same decoder serves any transport.
 *
 * <p>One instance a stream; not thread-safe. Trouble inside the stream is told as {@link ChatEvent.Failure}; nothing is
 * thrown for bad input.
 */
public interface EventDecoder {
    /**
     * Takes the next bytes and emits the events they complete. The array is the caller's again once this returns: what
     * a decoder keeps, it copies.
     */
    void feed(byte[] bytes, int offset, int length, EventSink sink);

    /** Upstream ended its body. Emits {@link ChatEvent.End} or, when the stream was cut short, a failure. */
    void end(EventSink sink);

    /** What the provider calls the answer, as far as it has told: most do with their first event. Null: nothing. */
    default @Nullable AnswerNames names() {
        return null;
    }
}
