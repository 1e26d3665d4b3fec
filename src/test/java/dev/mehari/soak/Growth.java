package dev.mehari.soak;

import java.util.Arrays;
import java.util.List;

/**
 * What became of one series. The first third of a run is its warm-up: pools fill, code is compiled, tables reach the size at
 * which old rows go. Of the other two the medians are compared, which single peaks and slow moments do not move.
 *
 * @param before the median of the second third
 * @param after the median of the last third
 */
record Growth(Series series, double before, double after) {
    private static final int FEWEST = 6;

    /** @param samples in the order in which they were taken; of too few nothing can be said */
    static List<Growth> of(List<Sample> samples) {
        if (samples.size() < FEWEST) {
            return List.of();
        }
        double first = samples.getFirst().seconds();
        double third = (samples.getLast().seconds() - first) / 3;
        List<Sample> second = samples.stream()
                .filter(sample -> sample.seconds() >= first + third && sample.seconds() < first + 2 * third)
                .toList();
        List<Sample> last = samples.stream()
                .filter(sample -> sample.seconds() >= first + 2 * third)
                .toList();
        return Arrays.stream(Series.values())
                .map(series -> new Growth(series, median(second, series), median(last, series)))
                .toList();
    }

    private static double median(List<Sample> samples, Series series) {
        double[] sorted = samples.stream()
                .mapToDouble(sample -> sample.of(series))
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    boolean isTooMuch() {
        return after > series.most(before);
    }

    @Override
    public String toString() {
        return "%-28s %12s → %12s   at most %12s   %s"
                .formatted(
                        series.label,
                        series.text(before),
                        series.text(after),
                        series.text(series.most(before)),
                        isTooMuch() ? "GROWS" : "ok");
    }
}
