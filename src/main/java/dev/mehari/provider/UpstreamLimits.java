package dev.mehari.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an answer's headers say of the account's limits: {@code x-ratelimit-*} as OpenAI, Azure, Groq and SambaNova send
 * them, {@code anthropic-ratelimit-*} as Anthropic does. Immutable.
 *
 * <p>Sources: OpenAI's rate-limit guide (resets as durations such as {@code 6m0s}); Anthropic's API reference (resets as
 * RFC 3339 times, tokens told as one figure or by input and output).
 *
 * @param requests left; null: not told
 * @param requestsReset when there are more; null: not told, or not in words we know
 */
public record UpstreamLimits(
        @Nullable Long requests,
        @Nullable Instant requestsReset,
        @Nullable Long tokens,
        @Nullable Instant tokensReset) {

    private static final String[] ANTHROPIC_TOKENS = {"tokens", "input-tokens", "output-tokens"};

    /**
     * Reads the headers of any answer, errors included.
     *
     * @param header looks up a response header
     * @return null when it tells nothing
     */
    public static @Nullable UpstreamLimits read(Function<String, @Nullable String> header, Instant now) {
        Long requests = count(header.apply("x-ratelimit-remaining-requests"));
        Long tokens = count(header.apply("x-ratelimit-remaining-tokens"));
        if (requests != null || tokens != null) {
            return new UpstreamLimits(
                    requests,
                    reset(header.apply("x-ratelimit-reset-requests"), now),
                    tokens,
                    reset(header.apply("x-ratelimit-reset-tokens"), now));
        }
        return anthropic(header, now);
    }

    private static @Nullable UpstreamLimits anthropic(Function<String, @Nullable String> header, Instant now) {
        Long requests = count(header.apply("anthropic-ratelimit-requests-remaining"));
        Long tokens = null;
        Instant tokensReset = null;
        for (String kind : ANTHROPIC_TOKENS) {
            Long left = count(header.apply("anthropic-ratelimit-" + kind + "-remaining"));
            // The scarcest of the three is what stops us.
            if (left != null && (tokens == null || left < tokens)) {
                tokens = left;
                tokensReset = reset(header.apply("anthropic-ratelimit-" + kind + "-reset"), now);
            }
        }
        if (requests == null && tokens == null) {
            return null;
        }
        Instant requestsReset = reset(header.apply("anthropic-ratelimit-requests-reset"), now);
        return new UpstreamLimits(requests, requestsReset, tokens, tokensReset);
    }

    private static @Nullable Long count(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return Math.max(0, Long.parseLong(value.strip()));
        } catch (NumberFormatException unusable) {
            return null;
        }
    }

    private static @Nullable Instant reset(@Nullable String value, Instant now) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String text = value.strip();
        if (text.indexOf('T') > 0) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException unusable) {
                return null;
            }
        }
        Duration wait = duration(text);
        return wait == null ? null : now.plus(wait);
    }

    /** Go's way to write durations: {@code 1h2m3.5s}, {@code 120ms}; a bare number is seconds. */
    private static @Nullable Duration duration(String text) {
        double seconds = 0;
        int at = 0;
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            int unitStart = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            Double number = number(text.substring(start, unitStart));
            Double unit = unitSeconds(text.substring(unitStart, at));
            if (number == null || unit == null) {
                return null;
            }
            seconds += number * unit;
        }
        return seconds < 1e9 ? Duration.ofMillis(Math.round(seconds * 1000)) : null;
    }

    private static @Nullable Double number(String digits) {
        try {
            return Double.valueOf(digits);
        } catch (NumberFormatException unusable) {
            return null;
        }
    }

    private static @Nullable Double unitSeconds(String unit) {
        return switch (unit) {
            case "ns" -> 1e-9;
            case "us", "µs" -> 1e-6;
            case "ms" -> 1e-3;
            case "", "s" -> 1.0;
            case "m" -> 60.0;
            case "h" -> 3600.0;
            case "d" -> 86400.0;
            default -> null;
        };
    }
}
