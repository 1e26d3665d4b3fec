package dev.mehari.access;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * How much may be spent within a period. Immutable.
 *
 * @param nanos billionths of a US dollar: an integer, as sums of money must be exact
 * @param period after which it begins anew
 */
public record Budget(long nanos, Period period) {

    /** Periods begin at midnight UTC: of the day, the Monday, the first of the month. */
    public enum Period {
        DAY,
        WEEK,
        MONTH,
        /** It never begins anew. */
        TOTAL;

        /** The instant with which the period that holds {@code now} began. */
        public Instant start(Instant now) {
            ZonedDateTime day = now.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
            return switch (this) {
                case DAY -> day.toInstant();
                case WEEK -> day.minusDays(day.getDayOfWeek().getValue() - 1L).toInstant();
                case MONTH -> day.withDayOfMonth(1).toInstant();
                case TOTAL -> Instant.EPOCH;
            };
        }

        /** The instant with which the next period begins; {@link Instant#MAX} when there is none. */
        public Instant end(Instant now) {
            ZonedDateTime start = start(now).atZone(ZoneOffset.UTC);
            return switch (this) {
                case DAY -> start.plusDays(1).toInstant();
                case WEEK -> start.plusWeeks(1).toInstant();
                case MONTH -> start.plusMonths(1).toInstant();
                case TOTAL -> Instant.MAX;
            };
        }
    }
}
