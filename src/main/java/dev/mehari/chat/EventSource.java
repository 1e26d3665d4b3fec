package dev.mehari.chat;

/**
 * Where the events of one streamed answer come from: an upstream's socket, or a provider that answers by itself. All
 * methods are called on the call's own loop; events are delivered there too.
 */
public interface EventSource {
    /** Begins delivery. Called once. */
    void start(EventSink sink);

    /** Holds delivery back: the client reads too slowly. Events already on their way may still come. */
    void pause();

    void resume();

    /** The answer has begun in earnest: the first-token time-out no longer applies. */
    void committed();

    /** The answer's end has been seen: what upstream still sends is of no interest. */
    void finished();

    /** Ends it at once, upstream included: closed, not drained. Idempotent; nothing is delivered afterwards. */
    void close();
}
