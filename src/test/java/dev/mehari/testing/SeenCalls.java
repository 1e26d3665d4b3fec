package dev.mehari.testing;

import dev.mehari.chat.RequestFacts;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The records of the last calls, for tests to look at. */
public final class SeenCalls implements CallObserver {
    private static final int KEPT = 200;

    private final List<CallRecord> calls = new ArrayList<>();

    @Override
    public synchronized void ended(CallRecord call, @Nullable RequestFacts request) {
        if (calls.size() == KEPT) {
            calls.removeFirst();
        }
        calls.add(call);
    }

    /** Those seen so far, oldest first. */
    public synchronized List<CallRecord> all() {
        return List.copyOf(calls);
    }

    /** Waits for the record of one call. */
    public CallRecord await(String requestId) {
        AtomicReference<CallRecord> found = new AtomicReference<>();
        Eventually.holds(Duration.ofSeconds(20), "call " + requestId + " is recorded", () -> {
            all().stream().filter(call -> call.requestId().equals(requestId)).forEach(found::set);
            return found.get() != null;
        });
        return found.get();
    }
}
