package dev.mehari.chat;

/**
 * Takes the frames of a stream that passed as bytes apart, as the events they would have been for a client of another API.
 * One instance a stream; not thread-safe.
 */
public interface FrameReader {
    /** Of a stream without frames. */
    FrameReader NONE = (event, sink) -> sink.accept(event);

    /** The stream's next event; what it says is emitted. */
    void read(ChatEvent passed, EventSink sink);
}
