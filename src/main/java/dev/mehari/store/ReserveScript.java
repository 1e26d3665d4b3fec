package dev.mehari.store;

import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.DeploymentLedger.Refusal;
import dev.mehari.routing.DeploymentLedger.Refusal.Reason;
import dev.mehari.routing.DeploymentLedger.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reserve.lua takes, and what its reply means. */
final class ReserveScript {
    static final Script SCRIPT = Script.named("window", "reserve");
    private static final String NO_LIMIT = "-1";

    private ReserveScript() {}

    static List<Object> run(Redis redis, String id, Duration lease, long tokens, List<Candidate> candidates)
            throws RedisAway {
        List<String> keys = new ArrayList<>(1 + 3 * candidates.size());
        keys.add(Heartbeat.key(redis));
        List<String> arguments = new ArrayList<>(3 + 4 * candidates.size());
        arguments.add(id);
        arguments.add(Long.toString(lease.toMillis()));
        arguments.add(Long.toString(tokens));
        for (Candidate candidate : candidates) {
            keys.add(redis.key("cool", candidate.deployment()));
            keys.add(redis.key("used", candidate.deployment()));
            keys.add(redis.key("held", candidate.deployment()));
            Limits limits = candidate.limits();
            arguments.add(written(limits.requestsPerMinute()));
            arguments.add(written(limits.tokensPerMinute()));
            arguments.add(written(limits.concurrentCalls()));
            arguments.add(candidate.evenCooling() ? "1" : "0");
        }
        return redis.run(SCRIPT, keys, arguments);
    }

    private static String written(@Nullable Number limit) {
        return limit == null ? NO_LIMIT : limit.toString();
    }

    static Outcome outcome(List<Object> reply, String id, long tokens, List<Candidate> candidates) {
        List<Refusal> refused = new ArrayList<>();
        for (int i = 2; i < reply.size(); i += 2) {
            refused.add(new Refusal(
                    candidates.get(i / 2 - 1).deployment(),
                    reason(number(reply, i)),
                    Duration.ofMillis(number(reply, i + 1))));
        }
        int chosen = (int) number(reply, 0);
        return chosen == 0
                ? new Outcome.Refused(refused)
                : new Outcome.Reserved(reservation(id, tokens, candidates.get(chosen - 1)), refused);
    }

    private static Reservation reservation(String id, long tokens, Candidate chosen) {
        String counted = chosen.limits().isNone() ? SharedReservation.newUncountedId() : id;
        return new Reservation(counted, chosen.deployment(), tokens);
    }

    /** Whether the chosen one is cooling down. */
    static boolean servesCooling(List<Object> reply) {
        return number(reply, 1) == 1;
    }

    private static Reason reason(long why) {
        return switch ((int) why) {
            case 1 -> Reason.COOLING;
            case 2 -> Reason.REQUESTS;
            case 3 -> Reason.TOKENS;
            case 4 -> Reason.CONCURRENCY;
            default -> throw new IllegalStateException("reserve.lua knows no reason " + why);
        };
    }

    private static long number(List<Object> reply, int index) {
        return (Long) reply.get(index);
    }
}
