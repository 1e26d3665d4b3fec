package dev.mehari.soak;

import java.util.Map;

/**
 * What the gateway was like at one moment.
 *
 * @param seconds since the load began
 */
record Sample(double seconds, Map<Series, Double> values) {
    Sample {
        values = Map.copyOf(values);
    }

    double of(Series series) {
        return values.get(series);
    }
}
