package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
    private static final int MOST = 20_000;

    private final AdaptiveLimit limit = new AdaptiveLimit(MOST);

    private void observe(int times, Duration delay, int inside) {
        for (int i = 0; i < times; i++) {
            limit.observe(delay, Math.min(inside, limit.getAsInt()));
        }
    }

    @Test
    void aHealthyGatewayKeepsItsLimit() {
        observe(1000, Duration.ofMillis(2), 19_000);
        assertThat(limit.getAsInt()).isEqualTo(MOST);
    }

    @Test
    void delayCutsWhatIsThereAtOnce() {
        observe(1, AdaptiveLimit.TOLERATED.multipliedBy(4), 2000);
        assertThat(limit.getAsInt()).isBetween(1800, 1900);
    }

    @Test
    void lastingDelayEndsAtTheLeast() {
        observe(1000, AdaptiveLimit.TOLERATED.multipliedBy(100), MOST);
        assertThat(limit.getAsInt()).isEqualTo(16);
    }

    @Test
    void itComesBackWhenTheDelayIsOver() {
        observe(20, AdaptiveLimit.TOLERATED.multipliedBy(10), 2000);
        int low = limit.getAsInt();
        assertThat(low).isLessThan(1000);
        observe(50, Duration.ofMillis(1), MOST);
        assertThat(limit.getAsInt()).isGreaterThan(low + 150);
        observe(10_000, Duration.ofMillis(1), MOST);
        assertThat(limit.getAsInt()).isEqualTo(MOST);
    }

    @Test
    void fewCallsProveNothingAboutMany() {
        observe(20, AdaptiveLimit.TOLERATED.multipliedBy(10), 2000);
        int low = limit.getAsInt();
        observe(1000, Duration.ofMillis(1), 5);
        assertThat(limit.getAsInt()).isEqualTo(low);
    }

    /** A machine whose delay grows with what is beyond its strength. */
    @Test
    void itSettlesWhereTheDelayIsTolerable() {
        int strength = 1000;
        for (int i = 0; i < 2000; i++) {
            int inside = Math.min(5000, limit.getAsInt());
            limit.observe(Duration.ofMillis(2 + Math.max(0, inside - strength) / 5), inside);
        }
        assertThat(limit.getAsInt()).isBetween(strength, strength * 3 / 2);
    }

    @Test
    void aSmallGatewayStaysWithinItsOwnLimit() {
        AdaptiveLimit small = new AdaptiveLimit(4);
        small.observe(AdaptiveLimit.TOLERATED.multipliedBy(100), 4);
        assertThat(small.getAsInt()).isEqualTo(4);
    }
}
