package dev.mehari.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock for spans within this process: cooldowns, windows of limits, tokens on loan. It began with the wall clock and goes
 * on by {@link System#nanoTime}, so that somebody who sets the wall clock, an hour back for example, neither lengthens nor
 * ends a span. What outlives the process or comes from outside is dated by the wall clock. Thread-safe.
 */
public final class SteadyClock implements InstantSource {
    /** The one of this process: instants of two of them could not be compared after the wall clock was set. */
    public static final SteadyClock OF_PROCESS = new SteadyClock(InstantSource.system(), System::nanoTime);

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant began;
    private final long beganNanos;

    /** @param nanos as {@link System#nanoTime} tells them */
    public SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.began = wall.instant();
        this.beganNanos = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return began.plusNanos(nanos.getAsLong() - beganNanos);
    }

    /** When that will be here, of an instant that somebody else's clock or the wall clock told. */
    public Instant ofWall(Instant told) {
        return instant().plus(Duration.between(wall.instant(), told));
    }

    /** What the wall clock will show then, of an instant of this clock: for whoever reads it. */
    public Instant onWall(Instant steady) {
        return wall.instant().plus(Duration.between(instant(), steady));
    }
}
