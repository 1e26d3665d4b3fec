package dev.mehari.price;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Money as integers: sums of an account in nano-dollars (a {@code long} holds nine billion dollars), prices of one token
 * in pico-dollars, since $0.0375 a million tokens is 37.5 nano-dollars each.
 */
public final class Dollars {
    private static final int NANO = 9;
    private static final int PICO = 12;

    private Dollars() {}

    /**
     * Nano-dollars of an amount in dollars.
     *
     * @throws ArithmeticException it has more than nine decimals, or is too large
     */
    public static long nanos(BigDecimal dollars) {
        return dollars.movePointRight(NANO).longValueExact();
    }

    /** Dollars of an amount in nano-dollars, without needless zeros. */
    public static BigDecimal of(long nanos) {
        BigDecimal dollars = BigDecimal.valueOf(nanos, NANO).stripTrailingZeros();
        return dollars.scale() < 0 ? dollars.setScale(0) : dollars;
    }

    /** As {@link #of}; null stays null. */
    public static @Nullable BigDecimal orNull(@Nullable Long nanos) {
        return nanos == null ? null : of(nanos);
    }

    /**
     * Pico-dollars of one, from dollars for many.
     *
     * @param power how many, as a power of ten: 6 for a million
     */
    static long picos(BigDecimal ofMany, int power) {
        return ofMany.movePointRight(PICO - power)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }
}
