package dev.mehari.reload;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** How often files were taken or refused, and why the last time. Thread-safe. */
@Component
public final class ReloadStatus {
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile State state = new State(1, Instant.now(), List.of());

    /**
     * @param generation of routes in use, from 1
     * @param since when the files were last looked at with this outcome
     * @param problems why what stands in the files is not in use; empty: it is
     */
    public record State(int generation, Instant since, List<Problem> problems) {}

    public State state() {
        return state;
    }

    /** Reloads that changed something. */
    public long timesTaken() {
        return taken.get();
    }

    /** Reloads that found a mistake. */
    public long timesRefused() {
        return refused.get();
    }

    void taken(int generation, boolean changed) {
        if (changed) {
            taken.incrementAndGet();
        }
        state = new State(generation, Instant.now(), List.of());
    }

    void refused(List<Problem> problems) {
        refused.incrementAndGet();
        state = new State(state.generation(), Instant.now(), List.copyOf(problems));
    }
}
