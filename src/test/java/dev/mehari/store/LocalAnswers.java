package dev.mehari.store;

import dev.mehari.routing.DeploymentLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A ledger that lets everybody in and remembers what it was told, so that a test sees who has decided. */
final class LocalAnswers implements DeploymentLedger {
    final AtomicInteger reserved = new AtomicInteger();
    final Queue<Reservation> settled = new ConcurrentLinkedQueue<>();
    final Map<String, Instant> cooling = new ConcurrentHashMap<>();

    @Override
    public Outcome reserve(List<Candidate> candidates, long tokens, Duration lease) {
        String id = "local-" + reserved.incrementAndGet();
        return new Outcome.Reserved(new Reservation(id, candidates.getFirst().deployment(), tokens), List.of());
    }

    @Override
    public void settle(Reservation reservation, @Nullable Long tokens) {
        settled.add(reservation);
    }

    @Override
    public void cool(String deployment, Instant until) {
        cooling.put(deployment, until);
    }

    @Override
    public void recovered(String deployment) {
        cooling.remove(deployment);
    }
}
