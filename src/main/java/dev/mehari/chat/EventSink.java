package dev.mehari.chat;

/** Takes the events of one stream, in order, on one thread. */
public interface EventSink {
    /** The next event. After {@link ChatEvent.End} or {@link ChatEvent.Failure} nothing more counts. */
    void accept(ChatEvent event);

    /** No more events are at hand for now: what was accepted should go out. */
    default void flush() {}
}
