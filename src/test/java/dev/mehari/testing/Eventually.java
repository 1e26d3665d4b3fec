package dev.mehari.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for what must come to pass soon. */
public final class Eventually {
    private Eventually() {}

    /** Looks again and again, at most that long, until the condition holds. */
    public static void holds(Duration most, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + most + ": " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Lets time pass, where the passing of time is itself what the test is about. */
    public static void passes(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
