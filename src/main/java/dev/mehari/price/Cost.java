package dev.mehari.price;

import org.jspecify.annotations.Nullable;

/**
 * What something costs, as far as it is known. Immutable.
 *
 * @param nanos in nano-dollars: all of it, or else no more than that
 * @param whole false: something was used whose price is not known
 */
public record Cost(long nanos, boolean whole) {
    public static final Cost NOTHING = new Cost(0, true);

    /** There is no price at all. */
    public static final Cost UNKNOWN = new Cost(0, false);

    /** Nano-dollars; null when not all of it is known. */
    public @Nullable Long known() {
        return whole ? (Long) nanos : null;
    }
}
