package dev.mehari.provider;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When an upstream says that trying again makes sense: {@code retry-after-ms}, or {@code retry-after} in seconds or as a
 * date.
 *
 * <p>Source: RFC 9110 §10.2.3; the header in milliseconds is OpenAI's and Azure's.
 */
public final class RetryAfter {
    /** A day, in milliseconds. */
    private static final double LONGEST_TOLD = 86_400_000;

    /** OpenAI: {@code Please try again in 1m2.5s.} API Management: {@code Try again in 3 seconds.} */
    private static final Pattern WORDS = Pattern.compile("again in\\s+", Pattern.CASE_INSENSITIVE);

    private static final Pattern PIECE = Pattern.compile(
            "\\G(\\d{1,9}(?:\\.\\d{1,9})?)\\s?(ms|s|seconds?|m|minutes?|h|hours?)(?![a-z])\\s?",
            Pattern.CASE_INSENSITIVE);

    private RetryAfter() {}

    /** @param header looks up a response header; null when nothing usable is there */
    public static @Nullable Duration read(Function<String, @Nullable String> header) {
        Duration exact = millis(header.apply("retry-after-ms"), 1);
        return exact != null ? exact : fromSecondsOrDate(header.apply("retry-after"));
    }

    /** What the words of a failure say where no header does; null when they say nothing of it. */
    public static @Nullable Duration inWords(String message) {
        Matcher words = WORDS.matcher(message);
        if (!words.find()) {
            return null;
        }
        Matcher piece = PIECE.matcher(message).region(words.end(), message.length());
        double millis = -1;
        while (piece.find()) {
            millis = Math.max(millis, 0) + Double.parseDouble(piece.group(1)) * unit(piece.group(2));
        }
        return millis < 0 || millis > LONGEST_TOLD ? null : Duration.ofMillis(Math.round(millis));
    }

    private static double unit(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "ms" -> 1;
            case "m", "minute", "minutes" -> 60_000;
            case "h", "hour", "hours" -> 3_600_000;
            default -> 1000;
        };
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
