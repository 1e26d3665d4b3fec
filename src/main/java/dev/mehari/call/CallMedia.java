package dev.mehari.call;

import dev.mehari.media.MediaFetcher;
import dev.mehari.media.MediaFetcher.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was fetched for one call, for as long as an attempt may need it. Its bytes count at the fetcher until they are
 * given back: once, by whoever is first. Belongs to the call's virtual thread, but for {@link #giveBack()}.
 */
final class CallMedia {
    private final Map<String, Outcome> outcomes = new HashMap<>(0);
    private final AtomicLong bytes = new AtomicLong();
    private volatile Runnable giveBack = () -> {};

    /** By address. */
    Map<String, Outcome> outcomes() {
        return outcomes;
    }

    void add(Map<String, Outcome> fetched, MediaFetcher by) {
        outcomes.putAll(fetched);
        giveBack = () -> by.release(bytes.getAndSet(0));
        fetched.values().forEach(outcome -> bytes.addAndGet(outcome.size()));
    }

    /** No attempt follows. */
    void forget() {
        outcomes.clear();
        giveBack();
    }

    /** The call is over. From any thread. */
    void giveBack() {
        giveBack.run();
    }
}
