package dev.mehari.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Calls of many kinds at once, each caller making one after the other, until it is stopped. */
final class MixedLoad {
    private static final Duration LONGEST_CALL = Duration.ofSeconds(120);

    /** Numbers go on from one load to the next: what is to be asked once is. */
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> callers = new ArrayList<>();
    private final Map<String, AtomicInteger> made = new ConcurrentSkipListMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong slowestMillis = new AtomicLong();

    /** @param pause between two calls of one caller */
    MixedLoad add(String kind, int callers, Duration pause, Call call) {
        AtomicInteger count = new AtomicInteger();
        made.put(kind, count);
        for (int i = 0; i < callers; i++) {
            this.callers.add(Thread.ofVirtual().name(kind).start(() -> run(kind, pause, call, count)));
        }
        return this;
    }

    private void run(String kind, Duration pause, Call call, AtomicInteger count) {
        try {
            while (!over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                long began = System.nanoTime();
                try {
                    call.make(NUMBERS.getAndIncrement());
                } catch (InterruptedException stop) {
                    throw stop;
                } catch (Exception | AssertionError wrong) {
                    failures.add(kind + ": " + wrong);
                }
                slowestMillis.accumulateAndGet((System.nanoTime() - began) / 1_000_000, Math::max);
                count.incrementAndGet();
            }
        } catch (InterruptedException stop) {
            failures.add(kind + ": did not end");
        }
    }

    /** Whether every kind was made at least so often. */
    boolean hasMade(int each) {
        return made.values().stream().allMatch(count -> count.get() >= each);
    }

    /** How often, by kind. */
    Map<String, AtomicInteger> made() {
        return made;
    }

    Queue<String> failures() {
        return failures;
    }

    long slowestMillis() {
        return slowestMillis.get();
    }

    /** Waits until the last call is over; one that does not end is a failure. */
    void stop() throws InterruptedException {
        over.countDown();
        long deadline = System.nanoTime() + LONGEST_CALL.toNanos();
        for (Thread caller : callers) {
            if (!caller.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                caller.interrupt();
                failures.add(caller.getName() + ": no end within " + LONGEST_CALL);
            }
        }
    }
}
