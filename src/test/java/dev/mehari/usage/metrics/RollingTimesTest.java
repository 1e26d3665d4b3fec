package dev.mehari.usage.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.usage.metrics.RollingTimes.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RollingTimesTest {
    private static final int ROUNDS = 200;
    private static final int THREADS = 4;
    private static final int EACH = 2_000;

    @Test
    void losesNothingWhenManyAddTimesOfAllSizesWhileSomebodyLooks() throws Exception {
        // Most can go wrong while a histogram is new and grows.
        for (int round = 0; round < ROUNDS; round++) {
            addWhileSomebodyLooks(new RollingTimes());
        }
    }

    private static void addWhileSomebodyLooks(RollingTimes times) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
        try {
            List<Future<?>> adding = new ArrayList<>();
            for (int seed = 0; seed < THREADS; seed++) {
                Random random = new Random(seed);
                adding.add(threads.submit(() -> addMany(times, random)));
            }
            Future<?> looking = threads.submit(() -> {
                while (!over.get()) {
                    times.settle(1);
                }
            });
            for (Future<?> one : adding) {
                one.get(1, TimeUnit.MINUTES);
            }
            over.set(true);
            looking.get(1, TimeUnit.MINUTES);
        } finally {
            // Not close(): it would wait for one that spins.
            threads.shutdownNow();
        }
        for (Window window : Window.values()) {
            assertThat(sum(times, window, 1).getTotalCount()).isEqualTo((long) THREADS * EACH);
        }
    }

    private static void addMany(RollingTimes times, Random random) {
        for (int i = 0; i < EACH; i++) {
            // From nothing to days: each size makes the histogram grow elsewhere.
            times.add(random.nextLong() >>> (15 + random.nextInt(49)));
        }
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        RollingTimes times = new RollingTimes();
        times.add(5_000_000);
        times.settle(100);
        times.add(7_000_000);
        times.settle(170);

        Histogram minute = sum(times, Window.MINUTE, 170);
        assertThat(minute.getTotalCount()).isEqualTo(1);
        assertThat(minute.getMaxValue()).isBetween(6_900L, 7_100L);
        assertThat(sum(times, Window.QUARTER, 170).getTotalCount()).isEqualTo(2);
        assertThat(sum(times, Window.QUARTER, 2_000).getTotalCount()).isZero();
        assertThat(sum(times, Window.ALL, 2_000).getTotalCount()).isEqualTo(2);
    }

    private static Histogram sum(RollingTimes times, Window window, long second) {
        Histogram sum = RollingTimes.none();
        times.addTo(sum, window, second);
        return sum;
    }
}
