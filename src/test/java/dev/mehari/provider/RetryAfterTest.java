package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void noHeaderSaysNothing() {
        assertThat(RetryAfter.read(name -> null)).isNull();
    }
}
