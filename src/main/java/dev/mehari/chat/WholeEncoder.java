package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/** Writes a stream of a dialect that tells the whole answer again at its end. */
public interface WholeEncoder extends EventEncoder {
    /**
     * A whole answer.
     *
     * @param json one JSON object in UTF-8
     */
    record Whole(String id, byte[] json) {}

    /** That answer; null until the stream has told it. */
    @Nullable
    Whole whole();

    /** The answer as far as it came, for a client that has left; null when there was none yet. Nothing is written after. */
    @Nullable
    Whole cancelled();
}
