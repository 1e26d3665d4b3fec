package dev.mehari.access;

import dev.mehari.access.CallerLedger.Reason;
import dev.mehari.access.CallerLedger.Standing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one key has asked for in the last minute, second by second, and how many of its calls are under way. Sums are
 * kept, so that a call costs a few additions. Thread-safe.
 */
final class QuotaWindow {
    /** This second and the 60 before it: wherever 60 seconds begin, no more than the limit falls into them. */
    static final int SECONDS = 61;

    private final int[] requests = new int[SECONDS];
    private final long[] tokens = new long[SECONDS];
    private long last;
    private long requestsSum;
    private long tokensSum;
    private int calls;

    /** What stands in the way, and for how long. */
    record Full(Reason reason, Duration retryAfter) {}

    /** Takes room for one call; null: done. */
    synchronized @Nullable Full reserve(Quota quota, long wanted, long nowMillis) {
        long now = moveTo(nowMillis / 1000);
        Integer most = quota.concurrentCalls();
        if (most != null && calls >= most) {
            // When one of them ends nobody knows.
            return new Full(Reason.CONCURRENCY, Duration.ofSeconds(1));
        }
        Integer perMinute = quota.requestsPerMinute();
        if (perMinute != null && requestsSum + 1 > perMinute) {
            return new Full(Reason.REQUESTS, untilRequests(perMinute - 1L, now, nowMillis));
        }
        Long tokensPerMinute = quota.tokensPerMinute();
        if (tokensPerMinute != null && tokensSum + wanted > tokensPerMinute) {
            return new Full(Reason.TOKENS, untilTokens(tokensPerMinute - wanted, now, nowMillis));
        }
        requests[slot(now)]++;
        requestsSum++;
        add(now, wanted);
        calls++;
        return null;
    }

    /** A call is over: its tokens become what was used, if its second still counts. */
    synchronized void settle(long second, long change) {
        calls--;
        if (second > moveTo(last) - SECONDS) {
            add(second, change);
        }
    }

    /** It was never made. */
    synchronized void undo(long second, long wanted) {
        settle(second, -wanted);
        if (second > last - SECONDS) {
            requests[slot(second)]--;
            requestsSum--;
        }
    }

    synchronized Standing standing(long nowMillis) {
        long now = moveTo(nowMillis / 1000);
        for (long second = now; second > now - SECONDS; second--) {
            if (requests[slot(second)] > 0) {
                return new Standing(
                        requestsSum, Math.max(0, tokensSum), Duration.ofMillis((second + SECONDS) * 1000 - nowMillis));
            }
        }
        return Standing.NOTHING;
    }

    private void add(long second, long change) {
        tokens[slot(second)] += change;
        tokensSum += change;
    }

    /** Forgets the seconds that have left the window. A clock that goes back stands still. */
    private long moveTo(long now) {
        if (now <= last) {
            return last;
        }
        for (long second = Math.max(last + 1, now - SECONDS + 1); second <= now; second++) {
            int slot = slot(second);
            requestsSum -= requests[slot];
            tokensSum -= tokens[slot];
            requests[slot] = 0;
            tokens[slot] = 0;
        }
        last = now;
        return now;
    }

    private static int slot(long second) {
        return (int) (second % SECONDS);
    }

    private Duration untilRequests(long most, long now, long nowMillis) {
        long sum = requestsSum;
        long second = now - SECONDS + 1;
        while (sum > most && second < now) {
            sum -= requests[slot(second++)];
        }
        return until(sum > most ? now + 1 : second, nowMillis);
    }

    private Duration untilTokens(long most, long now, long nowMillis) {
        long sum = tokensSum;
        long second = now - SECONDS + 1;
        while (sum > most && second < now) {
            sum -= tokens[slot(second++)];
        }
        return until(sum > most ? now + 1 : second, nowMillis);
    }

    /** Until the second before this one leaves the window. */
    private static Duration until(long second, long nowMillis) {
        return Duration.ofMillis(Math.max(1, (second - 1 + SECONDS) * 1000 - nowMillis));
    }
}
