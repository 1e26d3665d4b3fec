package dev.mehari.usage.log;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Instants as they stand in query parameters. */
final class QueryTimes {
    static final String FORMS = "an instant such as 2026-11-21T10:00:00Z, milliseconds since 1970,"
            + " or how long ago such as 15m, 24h or 7d";

    private final Instant now = Instant.now();

    /** In microseconds since 1970; null: it is none. */
    @Nullable
    Long micros(String text) {
        Duration ago = duration(text);
        try {
            Instant instant = ago != null
                    ? now.minus(ago)
                    : text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()
                            ? Instant.ofEpochMilli(Long.parseLong(text))
                            : OffsetDateTime.parse(text).toInstant();
            // Ids hold microseconds times 4096.
            boolean fits = Math.abs(instant.getEpochSecond()) < 2_000_000_000;
            return fits ? (Long) (instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000) : null;
        } catch (DateTimeException | NumberFormatException | ArithmeticException none) {
            return null;
        }
    }

    /** {@code 90s}, {@code 15m}, {@code 24h}, {@code 7d}; null: it is none of that kind. */
    static @Nullable Duration duration(String text) {
        if (!text.matches("\\d{1,6}[smhd]")) {
            return null;
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
