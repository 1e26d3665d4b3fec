package dev.mehari.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a single replica, in memory. A deployment without limits costs it nothing; one with limits a short lock
 * of its own. Thread-safe.
 */
public final class LocalLedger implements DeploymentLedger {
    /** Of a reservation that counts against nothing. */
    private static final String UNCOUNTED = "";

    private final InstantSource clock;
    private final Map<String, Instant> cooling = new ConcurrentHashMap<>();
    private final Map<String, LimitWindow> windows = new ConcurrentHashMap<>();

    public LocalLedger(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Outcome reserve(List<Candidate> candidates, long tokens, Duration lease) {
        List<Refusal> refused = List.of();
        for (Candidate candidate : candidates) {
            Refusal refusal = candidate.evenCooling() ? null : cooling(candidate.deployment());
            if (refusal == null && candidate.limits().isNone()) {
                return new Outcome.Reserved(new Reservation(UNCOUNTED, candidate.deployment(), tokens), refused);
            }
            if (refusal == null) {
                LimitWindow window =
                        windows.computeIfAbsent(candidate.deployment(), name -> new LimitWindow(name, clock));
                switch (window.reserve(candidate.limits(), tokens)) {
                    case LimitWindow.Room room -> {
                        return new Outcome.Reserved(
                                new Reservation(room.id(), candidate.deployment(), tokens), refused);
                    }
                    case LimitWindow.Full full -> refusal = full.refusal();
                }
            }
            refused = with(refused, refusal);
        }
        return new Outcome.Refused(refused);
    }

    private static List<Refusal> with(List<Refusal> some, Refusal more) {
        List<Refusal> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    private @Nullable Refusal cooling(String deployment) {
        if (cooling.isEmpty()) {
            return null;
        }
        Instant until = cooling.get(deployment);
        Instant now = clock.instant();
        if (until == null || !until.isAfter(now)) {
            return null;
        }
        return new Refusal(deployment, Refusal.Reason.COOLING, Duration.between(now, until));
    }

    @Override
    public void settle(Reservation reservation, @Nullable Long tokens) {
        LimitWindow window = reservation.id().equals(UNCOUNTED) ? null : windows.get(reservation.deployment());
        if (window != null) {
            window.settle(reservation.id(), tokens);
        }
    }

    @Override
    public void cool(String deployment, Instant until) {
        cooling.merge(deployment, until, (stands, other) -> other.isAfter(stands) ? other : stands);
    }

    @Override
    public void recovered(String deployment) {
        cooling.remove(deployment);
    }
}
