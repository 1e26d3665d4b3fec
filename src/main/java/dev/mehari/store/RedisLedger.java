package dev.mehari.store;

import dev.mehari.chat.SteadyClock;
import dev.mehari.routing.DeploymentLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The ledger that all replicas share. While Redis is away the local one decides, which knows this replica's cooldowns and
 * counts from zero. What could not be told to Redis meanwhile (what became of reservations made there, cooldowns) is told
 * when it is back. Thread-safe.
 */
public final class RedisLedger implements DeploymentLedger {
    private static final Script SETTLE = Script.named("settle");
    private static final Script COOL = Script.named("cool");

    private final Redis redis;
    private final Heartbeat heartbeat;
    private final DeploymentLedger local;
    private final Queue<SharedReservation> owed = new ConcurrentLinkedQueue<>();
    private final Map<String, Instant> owedCooldowns = new ConcurrentHashMap<>();
    private final Set<String> seenCooling = ConcurrentHashMap.newKeySet();

    /** @param local decides when Redis does not */
    public RedisLedger(Redis redis, DeploymentLedger local) {
        this(redis, Heartbeat.start(redis), local);
    }

    RedisLedger(Redis redis, Heartbeat heartbeat, DeploymentLedger local) {
        this.redis = redis;
        this.heartbeat = heartbeat;
        this.local = local;
        redis.onReturn(() -> {
            List.of(ReserveScript.SCRIPT, SETTLE, COOL).forEach(redis::load);
            payBack();
        });
    }

    @Override
    public Outcome reserve(List<Candidate> candidates, long tokens, Duration lease) {
        Candidate first = candidates.getFirst();
        if (first.evenCooling() && first.limits().isNone()) {
            // It serves whatever Redis says.
            return local.reserve(candidates, tokens, lease);
        }
        String id = SharedReservation.newId(lease, heartbeat.replica());
        try {
            List<Object> reply = ReserveScript.run(redis, id, lease, tokens, candidates);
            return noted(ReserveScript.outcome(reply, id, tokens, candidates), ReserveScript.servesCooling(reply));
        } catch (RedisAway away) {
            if (away.mayHaveRun()) {
                candidates.forEach(candidate -> settle(SharedReservation.undone(id, candidate.deployment(), tokens)));
            }
            return local.reserve(candidates, tokens, lease);
        }
    }

    /** The local ledger is to know what this one has been told, should it have to decide. */
    private Outcome noted(Outcome outcome, boolean servesCooling) {
        List<Refusal> refused =
                switch (outcome) {
                    case Outcome.Reserved reserved -> {
                        if (servesCooling) {
                            seenCooling.add(reserved.reservation().deployment());
                        }
                        yield reserved.refused();
                    }
                    case Outcome.Refused none -> none.refused();
                };
        for (Refusal refusal : refused) {
            if (refusal.reason() == Refusal.Reason.COOLING) {
                seenCooling.add(refusal.deployment());
                local.cool(
                        refusal.deployment(), SteadyClock.OF_PROCESS.instant().plus(refusal.retryAfter()));
            }
        }
        return outcome;
    }

    @Override
    public void settle(Reservation reservation, @Nullable Long tokens) {
        if (!SharedReservation.isOne(reservation)) {
            local.settle(reservation, tokens);
        } else if (SharedReservation.isCounted(reservation)) {
            settle(SharedReservation.used(reservation, tokens));
        }
    }

    private void settle(SharedReservation reservation) {
        String deployment = reservation.deployment();
        redis.send(
                        SETTLE,
                        List.of(redis.key("used", deployment), redis.key("held", deployment)),
                        reservation.arguments())
                .exceptionally(away -> {
                    if (RedisAway.isRefusal(away)) {
                        return List.of();
                    }
                    owed.add(reservation);
                    if (redis.isThere()) {
                        // It came back before this failure was told.
                        payBack();
                    }
                    return List.of();
                });
    }

    @Override
    public void cool(String deployment, Instant until) {
        local.cool(deployment, until);
        seenCooling.add(deployment);
        // As a span: clocks of replicas differ.
        long millis = Duration.between(SteadyClock.OF_PROCESS.instant(), until).toMillis();
        if (millis > 0) {
            redis.send(COOL, List.of(redis.key("cool", deployment)), List.of(Long.toString(millis)))
                    .exceptionally(away -> {
                        owedCooldowns.merge(deployment, until, (one, other) -> one.isAfter(other) ? one : other);
                        return List.of();
                    });
        }
    }

    @Override
    public void recovered(String deployment) {
        local.recovered(deployment);
        owedCooldowns.remove(deployment);
        // Redis is told only where it may matter.
        if (seenCooling.remove(deployment)) {
            redis.send(commands -> commands.del(redis.key("cool", deployment)));
        }
    }

    private void payBack() {
        // Not more than there are now: what fails again comes back.
        for (int left = owed.size(); left > 0; left--) {
            SharedReservation next = owed.poll();
            if (next != null) {
                settle(next);
            }
        }
        for (String deployment : List.copyOf(owedCooldowns.keySet())) {
            Instant until = owedCooldowns.remove(deployment);
            if (until != null) {
                cool(deployment, until);
            }
        }
    }
}
