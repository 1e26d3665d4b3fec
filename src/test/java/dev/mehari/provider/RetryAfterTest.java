package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static Duration seconds(String value) {
        return RetryAfter.read(Map.of("retry-after", value)::get);
    }

    @Test
    void millisecondsWinOverSeconds() {
        assertThat(RetryAfter.read(Map.of("retry-after-ms", "1500", "retry-after", "60")::get))
                .isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void unusableMillisecondsLeaveTheSeconds() {
        assertThat(RetryAfter.read(Map.of("retry-after-ms", "soon", "retry-after", " 2.5 ")::get))
                .isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void aDateIsTheTimeUntilThen() {
        ZonedDateTime soon = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90);
        assertThat(seconds(DateTimeFormatter.RFC_1123_DATE_TIME.format(soon)))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(90));
        assertThat(seconds("Wed, 21 Oct 2015 07:28:00 GMT")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "NaN", "Infinity", "1e12", "2026-11-21"})
    void anythingElseSaysNothing(String value) {
        assertThat(seconds(value)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Rate limit reached for gpt-4o. Please try again in 20s. Visit x | 20000",
                "Please try again in 1m2.5s. | 62500",
                "Please try again in 350ms. | 350",
                "Rate limit is exceeded. Try again in 3 seconds. | 3000",
                "Please retry again in 6m0s | 360000"
            })
    void wordsAreUnderstood(String message, long millis) {
        assertThat(RetryAfter.inWords(message)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Try again later.", "try again in", "Try again in a while", "try again in 99999999h"})
    void otherWordsSayNothing(String message) {
        assertThat(RetryAfter.inWords(message)).isNull();
    }

    @Test
    void noHeaderSaysNothing() {
        assertThat(RetryAfter.read(name -> null)).isNull();
    }
}
