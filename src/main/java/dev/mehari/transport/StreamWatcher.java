package dev.mehari.transport;

import dev.mehari.chat.ChatEvent;

/** Sees a streamed answer pass, on its loop. */
@FunctionalInterface
public interface StreamWatcher {
    /** Every event as it passes; must not block. */
    void watch(ChatEvent event);

    /** Whether somebody else wants the rest of the answer although its client has left. */
    default boolean isWanted() {
        return false;
    }
}
