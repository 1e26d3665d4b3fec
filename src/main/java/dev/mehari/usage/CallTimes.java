package dev.mehari.usage;

import java.util.OptionalLong;

/**
 * When a call got how far, as {@link System#nanoTime()}; 0: it did not.
 *
 * @param received the request's head was there
 * @param read its body was there, and the call began in earnest
 * @param admitted it had a place among those in flight
 * @param firstByte the first byte of the answer itself went to the client (keep-alive comments do not count)
 * @param done the answer was complete, or the client had left
 */
public record CallTimes(long received, long read, long admitted, long firstByte, long done) {
    /** From the request's head to the end of the answer. */
    public long total() {
        return done - received;
    }

    /** From the whole request to the first byte of the answer. */
    public OptionalLong toFirstByte() {
        return span(read, firstByte);
    }

    /** How long the call waited to be let in. */
    public OptionalLong untilAdmitted() {
        return span(read, admitted);
    }

    static OptionalLong span(long from, long to) {
        return from == 0 || to == 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, to - from));
    }
}
