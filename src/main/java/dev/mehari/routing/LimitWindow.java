package dev.mehari.routing;

import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of one deployment in the last minute, second by second, and what is under way. A window that slides
 * never lets twice the limit through at the turn of a minute. Thread-safe.
 */
final class LimitWindow {
    /** This second and the 60 before it: wherever 60 seconds begin, no more than the limit falls into them. */
    private static final int SECONDS = 61;

    private final String deployment;
    private final InstantSource clock;
    private final long[] second = new long[SECONDS];
    private final int[] requests = new int[SECONDS];
    private final long[] tokens = new long[SECONDS];
    private final Map<String, Open> open = new HashMap<>();
    private long lastId;

    /** A reservation that is not settled yet: when it was made, and for how much. */
    private record Open(long second, long tokens) {}

    sealed interface Answer {}

    record Room(String id) implements Answer {}

    record Full(Refusal refusal) implements Answer {}

    LimitWindow(String deployment, InstantSource clock) {
        this.deployment = deployment;
        this.clock = clock;
    }

    /** Takes room for one request, or says what is full and until when. */
    synchronized Answer reserve(Limits limits, long wanted) {
        long nowMillis = clock.millis();
        long now = nowMillis / 1000;
        Integer most = limits.concurrentCalls();
        if (most != null && open.size() >= most) {
            // When one of them ends nobody knows.
            return new Full(new Refusal(deployment, Refusal.Reason.CONCURRENCY, Duration.ofSeconds(1)));
        }
        Integer perMinute = limits.requestsPerMinute();
        if (perMinute != null && usedRequests(now) + 1 > perMinute) {
            return full(Refusal.Reason.REQUESTS, requestsFreeAt(now, perMinute), nowMillis);
        }
        Long tokensPerMinute = limits.tokensPerMinute();
        // A call that is larger than the whole limit would never be served; it waits for an empty window.
        if (tokensPerMinute != null && usedTokens(now) + Math.min(wanted, tokensPerMinute) > tokensPerMinute) {
            return full(Refusal.Reason.TOKENS, tokensFreeAt(now, tokensPerMinute, wanted), nowMillis);
        }
        int slot = slot(now);
        requests[slot]++;
        tokens[slot] += wanted;
        String id = Long.toString(++lastId);
        open.put(id, new Open(now, wanted));
        return new Room(id);
    }

    private Full full(Refusal.Reason reason, long freeAtSecond, long nowMillis) {
        return new Full(new Refusal(deployment, reason, Duration.ofMillis(freeAtSecond * 1000 - nowMillis)));
    }

    /** The slot is free, and the estimate becomes what was used; null: it stands. */
    synchronized void settle(String id, @Nullable Long used) {
        Open settled = open.remove(id);
        if (settled != null && used != null) {
            int slot = (int) (settled.second() % SECONDS);
            if (second[slot] == settled.second()) {
                tokens[slot] += used - settled.tokens();
            }
        }
    }

    private int slot(long now) {
        int slot = (int) (now % SECONDS);
        if (second[slot] != now) {
            second[slot] = now;
            requests[slot] = 0;
            tokens[slot] = 0;
        }
        return slot;
    }

    private boolean counts(int slot, long now) {
        return second[slot] > now - SECONDS;
    }

    private long usedRequests(long now) {
        long used = 0;
        for (int i = 0; i < SECONDS; i++) {
            used += counts(i, now) ? requests[i] : 0;
        }
        return used;
    }

    private long usedTokens(long now) {
        long used = 0;
        for (int i = 0; i < SECONDS; i++) {
            used += counts(i, now) ? tokens[i] : 0;
        }
        return used;
    }

    /** The second in which enough of the oldest requests have left the window. */
    private long requestsFreeAt(long now, long limit) {
        long used = usedRequests(now);
        for (long at = now - SECONDS + 1; at <= now; at++) {
            int slot = (int) (at % SECONDS);
            used -= second[slot] == at ? requests[slot] : 0;
            if (used + 1 <= limit) {
                return at + SECONDS;
            }
        }
        return now + SECONDS;
    }

    private long tokensFreeAt(long now, long limit, long wanted) {
        long used = usedTokens(now);
        for (long at = now - SECONDS + 1; at <= now; at++) {
            int slot = (int) (at % SECONDS);
            used -= second[slot] == at ? tokens[slot] : 0;
            if (used + Math.min(wanted, limit) <= limit) {
                return at + SECONDS;
            }
        }
        return now + SECONDS;
    }
}
