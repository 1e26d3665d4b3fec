package dev.mehari.conformance;

import java.util.Arrays;
import java.util.List;

/**
 * Of a handful of measurements, by nearest rank: each is one of those that were measured.
 *
 * @param count how many there were
 */
public record Percentiles(int count, double p50, double p95, double max) {
    /** @throws IllegalArgumentException there are none */
    static Percentiles of(List<Double> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = measured.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Percentiles(sorted.length, at(sorted, 0.5), at(sorted, 0.95), sorted[sorted.length - 1]);
    }

    private static double at(double[] sorted, double part) {
        return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }
}
