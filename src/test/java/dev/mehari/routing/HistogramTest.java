package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Fleet clock = new Fleet();
    private final Histogram histogram = new Histogram(clock);

    @Test
    void percentilesAreWithinSevenPercent() {
        for (int micros = 1; micros <= 1_000_000; micros++) {
            histogram.add(micros * 1000L);
        }
        double[] times = histogram.percentiles(0.01, 0.5, 0.95, 0.99, 1);
        assertThat(times).hasSize(5);
        assertThat(times[0]).isCloseTo(10, withinPercentage(7));
        assertThat(times[1]).isCloseTo(500, withinPercentage(7));
        assertThat(times[2]).isCloseTo(950, withinPercentage(7));
        assertThat(times[3]).isCloseTo(990, withinPercentage(7));
        assertThat(times[4]).isCloseTo(1000, withinPercentage(7));
    }

    @Test
    void everyTimeFindsItsBucket() {
        for (long nanos = 1; nanos > 0 && nanos < Duration.ofHours(4).toNanos(); nanos *= 3) {
            Histogram one = new Histogram(clock);
            one.add(nanos);
            double millis = nanos / 1e6;
            assertThat(one.percentiles(0.5)[0]).isBetween(millis * 0.93 - 0.001, millis * 1.07 + 0.001);
        }
        histogram.add(Long.MAX_VALUE);
        histogram.add(-1);
        assertThat(histogram.percentiles(0.5, 1)).hasSize(2);
    }

    @Test
    void whatIsOldIsForgotten() {
        assertThat(histogram.percentiles(0.5)).isEmpty();
        histogram.add(1_000_000_000);
        clock.pass(Duration.ofMinutes(5));
        histogram.add(1_000_000);
        assertThat(histogram.percentiles(1)[0]).isCloseTo(1000, withinPercentage(7));
        clock.pass(Duration.ofMinutes(5));
        assertThat(histogram.percentiles(1)[0]).isCloseTo(1, withinPercentage(7));
        clock.pass(Duration.ofMinutes(10));
        assertThat(histogram.percentiles(1)).isEmpty();
    }
}
