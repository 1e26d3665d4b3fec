package dev.mehari.cache;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A question that is being asked upstream by one call, its leader, while others with the same question wait. Thread-safe.
 */
public final class Flight {
    /** How it went, as far as those who wait are concerned. */
    public sealed interface Outcome {
        /** There is an answer, or the beginning of one. */
        record Answered(Answering answering) implements Outcome {}

        /** The leader has the vectors of what it asked for, each as it is kept. */
        record Embedded(Map<CacheKey, StoredAnswer> vectors) implements Outcome {}

        /** The leader's client has left before that: somebody else should lead. */
        record Left() implements Outcome {}

        /** The leader has failed, or what it got is not shared: each asks for itself. */
        record Failed() implements Outcome {}
    }

    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    /** To wait for it. The future is the caller's own: it may complete it, too. */
    public CompletableFuture<Outcome> outcome() {
        return outcome.copy();
    }

    /** Whether those who wait know already. */
    public boolean isTold() {
        return outcome.isDone();
    }

    /** The first word counts. */
    void tell(Outcome told) {
        outcome.complete(told);
    }
}
