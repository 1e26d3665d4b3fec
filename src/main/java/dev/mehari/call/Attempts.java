package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.routing.Plan;
import dev.mehari.routing.Rules;
import dev.mehari.usage.AttemptTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All attempts of one call, and what is left to try. Belongs to the call's virtual thread. */
public final class Attempts {
    private final List<Attempt> tried = new ArrayList<>(1);
    private @Nullable Plan plan;
    private Rules rules = Rules.DEFAULTS;
    private long deadlineNanos;
    private @Nullable Hedge hedge;
    private @Nullable Duration retryAfter;

    /** @param deadline of all of them together */
    void planned(Plan plan, Rules rules, Duration deadline) {
        this.plan = plan;
        this.rules = rules;
        this.deadlineNanos = System.nanoTime() + deadline.toNanos();
    }

    /**
     * What is left to try.
     *
     * @throws IllegalStateException a route names a step before {@code planAttempts}
     */
    Plan plan() {
        Plan made = plan;
        if (made == null) {
            throw new IllegalStateException("this step needs a plan; name planAttempts before it in the route");
        }
        return made;
    }

    Rules rules() {
        return rules;
    }

    /** Until the deadline; negative when it has passed. */
    Duration timeLeft() {
        return Duration.ofNanos(deadlineNanos - System.nanoTime());
    }

    void begin(Attempt attempt) {
        tried.add(attempt);
    }

    /** Those so far, the present one last. */
    List<Attempt> tried() {
        return tried;
    }

    public int count() {
        return tried.size();
    }

    public boolean isEmpty() {
        return tried.isEmpty();
    }

    /**
     * The one under way, or the last.
     *
     * @throws IllegalStateException a route names a step before {@code nextAttempt}
     */
    public Attempt latest() {
        if (tried.isEmpty()) {
            throw new IllegalStateException("this step needs an attempt; name nextAttempt before it in the route");
        }
        return tried.getLast();
    }

    /** The race that the one under way is in; null: none. */
    void hedge(@Nullable Hedge hedge) {
        this.hedge = hedge;
    }

    /** The one that has ended and counts: that under way, or the one that was asked beside it. */
    Attempt settled() {
        Attempt counts = hedge == null ? latest() : hedge.settle();
        if (counts != latest()) {
            begin(counts);
        }
        return counts;
    }

    /** Nothing more is to be tried: the call's exchange has come to its end. */
    void over() {
        if (hedge != null) {
            hedge.cancel();
        }
    }

    /** Those tried and the one that was asked beside another and came too late, if there was one. */
    List<Attempt> all() {
        Attempt second = hedge == null ? null : hedge.second();
        if (second == null || tried.contains(second)) {
            return tried;
        }
        List<Attempt> all = new ArrayList<>(tried);
        all.add(second);
        return all;
    }

    /** Whether another one beside that was faster. */
    boolean wasOvertaken(Attempt attempt) {
        return hedge != null && hedge.lost(attempt);
    }

    /** How long providers were waited for so far, in nanoseconds. */
    public long upstreamNanos() {
        return AttemptTimes.waited(
                all().stream().map(attempt -> attempt.timesSoFar(true)).toList());
    }

    /**
     * The failure to tell the client when none worked: the last, as it says what happened in the end. That one deployment
     * could not take the request at all is told only when no other has failed at it.
     */
    GatewayException failure() {
        for (Attempt attempt : tried.reversed()) {
            GatewayException failure = attempt.failure();
            if (failure != null && !attempt.wasRefusedHere()) {
                return failure;
            }
        }
        GatewayException last = latest().failure();
        return last == null ? new GatewayException.Internal(new IllegalStateException("no attempt was judged")) : last;
    }

    /** When trying again makes sense, should the failure itself not say so. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    void retryAfter(Duration wait) {
        this.retryAfter = wait.isPositive() ? wait : null;
    }
}
