package dev.mehari.usage;

import dev.mehari.chat.RequestFacts;
import org.jspecify.annotations.Nullable;

/** Hears of every call once, when it is over. All beans of this type are told, in no order. */
public interface CallObserver {
    /**
     * A call is over. On its event loop or its virtual thread: must not block, and should take a few microseconds. What
     * it throws is logged and goes no further.
     *
     * @param request what was asked; null when it was refused unread. It holds the whole body: to be looked at now, not
     *     to be kept
     */
    void ended(CallRecord call, @Nullable RequestFacts request);
}
