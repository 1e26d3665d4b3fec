package dev.mehari.chat;

/**
 * Writes the events of one answer as the bytes of a client's dialect. One instance a stream: it keeps what the dialect
 * repeats (id, model) or counts. Not thread-safe.
 */
public interface EventEncoder {
    /** Appends the bytes of one event, possibly none. */
    void encode(ChatEvent event, ByteSink out);
}
