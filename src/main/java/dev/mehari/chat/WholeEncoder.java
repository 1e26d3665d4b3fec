package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/** Writes a stream of a dialect that tells the whole answer again at its end. */
public interface WholeEncoder extends EventEncoder {
    /** That whole answer, one JSON object in UTF-8; null until the stream has told it. */
    byte @Nullable [] whole();
}
