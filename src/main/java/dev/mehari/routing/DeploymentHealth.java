package dev.mehari.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/*
 * The life of a deployment:
 *
 *   healthy ── failures in a row, error rate, or a certain failure ──► cooling
 *   cooling ── its time is over ──► half open: one live call is let through as a probe
 *   half open ── the probe fails ──► cooling, twice as long
 *   half open ── the probe begins to answer ──► recovering: its share of the traffic grows from a tenth to all
 *   recovering ── ramp-up is over ──► healthy, and the count of evictions begins anew
 */
/** Whether one deployment is fit to be asked. Thread-safe; reading takes no lock. */
public final class DeploymentHealth {
    /** Of the newest attempt in the moving error rate: about the last twenty count. */
    private static final double NEWEST = 0.1;

    private static final int RATE_COUNTS_FROM = 10;
    private static final double SMALLEST_SHARE = 0.1;

    /** What {@code /stats} calls it. */
    public enum State {
        HEALTHY,
        COOLING,
        HALF_OPEN,
        RECOVERING
    }

    private final Cooldown cooldown;
    private final InstantSource clock;

    private int failuresInARow;
    private double errorRate;
    private int rated;
    private int evictions;

    /** When the cooldown is over; 0: it is well. Beyond that time and not 0: half open. */
    private volatile long coolUntilMillis;

    private volatile boolean probing;

    /** Since when its share grows; 0: it has all of it. */
    private volatile long recoveringSinceMillis;

    DeploymentHealth(Cooldown cooldown, InstantSource clock) {
        this.cooldown = cooldown;
        this.clock = clock;
    }

    /** When it may be asked again; not in the future: now. While a probe is out nobody else is let in. */
    long dueMillis(long nowMillis) {
        long until = coolUntilMillis;
        return until == 0 || until > nowMillis || !probing ? until : Long.MAX_VALUE;
    }

    /** Its part of its own weight, from a tenth to 1. */
    double share(long nowMillis) {
        long since = recoveringSinceMillis;
        if (since == 0) {
            return 1;
        }
        long ramp = cooldown.rampUp().toMillis();
        double grown = ramp == 0 ? 1 : (nowMillis - since) / (double) ramp;
        return Math.clamp(grown, SMALLEST_SHARE, 1);
    }

    public State state() {
        long now = clock.millis();
        long until = coolUntilMillis;
        if (until != 0) {
            return until > now ? State.COOLING : State.HALF_OPEN;
        }
        return share(now) < 1 ? State.RECOVERING : State.HEALTHY;
    }

    /** When the cooldown is over; null when it does not cool down. */
    public @Nullable Instant coolUntil() {
        long until = coolUntilMillis;
        return until > clock.millis() ? Instant.ofEpochMilli(until) : null;
    }

    /** From 0 to 1, over about the last twenty attempts. */
    public synchronized double errorRate() {
        return errorRate;
    }

    /** How a call was let in. */
    enum Admission {
        NORMAL,
        PROBE,
        /** Another probe is out. */
        NONE
    }

    /**
     * A call is about to be sent.
     *
     * @param evenCooling it is the last resort and goes out whatever the time
     */
    synchronized Admission admit(boolean evenCooling) {
        if (coolUntilMillis == 0) {
            return Admission.NORMAL;
        }
        if (probing || coolUntilMillis > clock.millis()) {
            if (!evenCooling) {
                return Admission.NONE;
            }
            if (probing) {
                return Admission.NORMAL;
            }
        }
        probing = true;
        return Admission.PROBE;
    }

    /** A call has begun to be answered: a probe has done its work. Tells whether the cooldown ended with it. */
    synchronized boolean answers(boolean probe) {
        if (!probe || coolUntilMillis == 0) {
            return false;
        }
        coolUntilMillis = 0;
        probing = false;
        failuresInARow = 0;
        errorRate = 0;
        rated = 0;
        recoveringSinceMillis = clock.millis();
        return true;
    }

    /** A call was answered to its end. */
    synchronized void succeeded() {
        failuresInARow = 0;
        rate(0);
        if (recoveringSinceMillis != 0 && share(clock.millis()) >= 1) {
            recoveringSinceMillis = 0;
            evictions = 0;
        }
    }

    /** A call ended without a word about the deployment. */
    synchronized void released(boolean probe) {
        if (probe) {
            probing = false;
        }
    }

    /**
     * A call failed.
     *
     * @return until when it is left out, where that is news
     */
    synchronized @Nullable Instant failed(FailureClass why, @Nullable Duration retryAfter, boolean probe) {
        released(probe);
        if (!why.hurtsHealth()) {
            return null;
        }
        failuresInARow++;
        rate(1);
        boolean enough = failuresInARow >= cooldown.failures()
                || (rated >= RATE_COUNTS_FROM && errorRate >= cooldown.errorRate());
        if (!enough && !probe && !why.isCertain() && retryAfter == null) {
            return null;
        }
        boolean leftOut = coolUntilMillis > clock.millis();
        if (leftOut && !probe && retryAfter == null) {
            // It was under way when the deployment was left out: no further time for that.
            return null;
        }
        if (!leftOut) {
            evictions++;
        }
        return coolFor(cooldown.duration(why, evictions, retryAfter));
    }

    private @Nullable Instant coolFor(Duration time) {
        Instant until = clock.instant().plus(time);
        return time.isPositive() && leaveOut(until) ? until : null;
    }

    /** Leaves it out at least until then; tells whether that is later than before. */
    synchronized boolean leaveOut(Instant until) {
        long millis = until.toEpochMilli();
        if (millis <= coolUntilMillis || millis <= clock.millis()) {
            return false;
        }
        coolUntilMillis = millis;
        recoveringSinceMillis = 0;
        return true;
    }

    private void rate(double failed) {
        errorRate += NEWEST * (failed - errorRate);
        rated = Math.min(rated + 1, RATE_COUNTS_FROM);
    }
}
