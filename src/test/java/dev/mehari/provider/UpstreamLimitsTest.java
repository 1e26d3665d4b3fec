package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamLimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static UpstreamLimits read(Map<String, String> headers) {
        return UpstreamLimits.read(headers::get, NOW);
    }

    @Test
    void openAisHeadersAreRead() {
        assertThat(read(Map.of(
                        "x-ratelimit-limit-requests", "60",
                        "x-ratelimit-remaining-requests", "59",
                        "x-ratelimit-reset-requests", "1s",
                        "x-ratelimit-remaining-tokens", "149984",
                        "x-ratelimit-reset-tokens", "6m0s")))
                .isEqualTo(new UpstreamLimits(59L, NOW.plusSeconds(1), 149_984L, NOW.plusSeconds(360)));
    }

    @Test
    void azureTellsNoReset() {
        assertThat(read(Map.of("x-ratelimit-remaining-requests", "0", "x-ratelimit-remaining-tokens", "-3")))
                .isEqualTo(new UpstreamLimits(0L, null, 0L, null));
    }

    @Test
    void anthropicsScarcestTokensCount() {
        assertThat(read(Map.of(
                        "anthropic-ratelimit-requests-remaining", "49",
                        "anthropic-ratelimit-requests-reset", "2026-11-21T12:00:01Z",
                        "anthropic-ratelimit-tokens-remaining", "48000",
                        "anthropic-ratelimit-tokens-reset", "2026-11-21T12:00:09Z",
                        "anthropic-ratelimit-input-tokens-remaining", "40000",
                        "anthropic-ratelimit-input-tokens-reset", "2026-11-21T12:00:08Z",
                        "anthropic-ratelimit-output-tokens-remaining", "0",
                        "anthropic-ratelimit-output-tokens-reset", "2026-11-21T14:00:30+02:00")))
                .isEqualTo(new UpstreamLimits(49L, NOW.plusSeconds(1), 0L, NOW.plusSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 1000",
        "6m0s, 360000",
        "120ms, 120",
        "2m59.56s, 179560",
        "1h2m3.5s, 3723500",
        "1d1h, 90000000",
        "17, 17000",
        "0.5, 500",
        "500us, 1",
        "0s, 0"
    })
    void resetsComeAsDurations(String told, long millis) {
        UpstreamLimits limits = read(Map.of("x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", told));
        assertThat(limits.requestsReset()).isEqualTo(NOW.plus(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({"soon", "1x", "s", "-5s", "1..2s", "99999999999s", "T1", "2026-11-21T99:00:00Z"})
    void resetsInOtherWordsAreUnknown(String told) {
        UpstreamLimits limits = read(Map.of("x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", told));
        assertThat(limits).isEqualTo(new UpstreamLimits(1L, null, null, null));
    }

    @Test
    void otherHeadersTellNothing() {
        assertThat(read(Map.of("x-ratelimit-remaining", "5", "x-ratelimit-remaining-tokens", "many")))
                .isNull();
    }
}
