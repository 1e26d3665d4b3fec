package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;

/**
 * Frames the events of one Responses stream: an {@code event:} line and a {@code data:} line that repeats the type, with
 * the running {@code sequence_number}. One instance a stream; not thread-safe.
 */
final class EventWriter {
    private int sequence;

    EventWriter() {
        this(0);
    }

    /** @param next the number that the next event gets */
    EventWriter(int next) {
        this.sequence = next;
    }

    /** Begins an event; the caller appends {@code ,"name":value} pairs and calls {@link #end}. */
    ByteSink begin(String type, ByteSink out) {
        return out.write("event: ")
                .write(type)
                .write("\ndata: {\"type\":\"")
                .write(type)
                .write("\",\"sequence_number\":")
                .write(Integer.toString(sequence++));
    }

    void end(ByteSink out) {
        out.write("}\n\n");
    }
}
