package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final double MEGABYTE = 1 << 20;

    /** A run of three minutes: a sample each five seconds, the same of every series. */
    private static List<Growth> growth(DoubleUnaryOperator valueAtSecond) {
        return Growth.of(IntStream.rangeClosed(0, 36)
                .mapToObj(i -> new Sample(
                        i * 5,
                        Arrays.stream(Series.values())
                                .collect(Collectors.toMap(
                                        series -> series, series -> valueAtSecond.applyAsDouble(i * 5)))))
                .toList());
    }

    private static Growth of(Series series, DoubleUnaryOperator valueAtSecond) {
        return growth(valueAtSecond).get(series.ordinal());
    }

    @Test
    void whatStaysDoesNotGrow() {
        assertThat(growth(second -> 1000)).noneMatch(Growth::isTooMuch);
    }

    @Test
    void whatFallsDoesNotGrow() {
        assertThat(growth(second -> 1e9 - second * 1e6)).noneMatch(Growth::isTooMuch);
    }

    @Test
    void theWarmUpDoesNotCount() {
        assertThat(of(Series.HEAP, second -> Math.min(second, 55) * 10 * MEGABYTE)
                        .isTooMuch())
                .isFalse();
    }

    @Test
    void aContextThatStaysWithEachReloadIsFound() {
        assertThat(of(Series.CAMEL_CONTEXTS, second -> 2 + Math.floor(second / 12))
                        .isTooMuch())
                .isTrue();
    }

    @Test
    void aDescriptorThatStaysWithEachSecondIsFound() {
        assertThat(of(Series.DESCRIPTORS, second -> 100 + second).isTooMuch()).isTrue();
    }

    @Test
    void heapThatGrowsByAThirdOfAMegabyteASecondIsFound() {
        assertThat(of(Series.HEAP, second -> 60 * MEGABYTE + second * MEGABYTE / 3)
                        .isTooMuch())
                .isTrue();
    }

    @Test
    void noiseAndPeaksAreNoGrowth() {
        Random noise = new Random(7);
        assertThat(of(
                                Series.HEAP,
                                second -> (60 + noise.nextGaussian() * 5) * MEGABYTE
                                        + (second % 50 == 0 ? 80 * MEGABYTE : 0))
                        .isTooMuch())
                .isFalse();
    }

    @Test
    void aVerdictReadsAsALine() {
        assertThat(new Growth(Series.HEAP, 50 * MEGABYTE, 80 * MEGABYTE))
                .hasToString("live heap                         50.0 MB →      80.0 MB   at most      63.0 MB   GROWS");
    }
}
