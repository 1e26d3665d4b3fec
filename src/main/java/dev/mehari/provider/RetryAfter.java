package dev.mehari.provider;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When an upstream says that trying again makes sense: {@code retry-after-ms}, or {@code retry-after} in seconds or as a
 * date.
 *
 * <p>Source: RFC 9110 §10.2.3; the header in milliseconds is OpenAI's and Azure's.
 */
public final class RetryAfter {
    private RetryAfter() {}

    /** @param header looks up a response header; null when nothing usable is there */
    public static @Nullable Duration read(Function<String, @Nullable String> header) {
        Duration exact = millis(header.apply("retry-after-ms"), 1);
        return exact != null ? exact : fromSecondsOrDate(header.apply("retry-after"));
    }

    private static @Nullable Duration fromSecondsOrDate(@Nullable String value) {
        Duration seconds = millis(value, 1000);
        if (seconds != null || value == null) {
            return seconds;
        }
        try {
            ZonedDateTime at = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(ZonedDateTime.now(at.getZone()), at);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException unusable) {
            return null;
        }
    }

    private static @Nullable Duration millis(@Nullable String value, double unit) {
        if (value == null) {
            return null;
        }
        try {
            double number = Double.parseDouble(value.strip());
            return number >= 0 && number < 1e9 ? Duration.ofMillis(Math.round(number * unit)) : null;
        } catch (NumberFormatException unusable) {
            return null;
        }
    }
}
