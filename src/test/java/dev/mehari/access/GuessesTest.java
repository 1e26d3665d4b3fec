package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.RateLimited;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class GuessesTest {
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final Guesses guesses = new Guesses(3, () -> now);

    private void wrong(String peer, int times) {
        for (int i = 0; i < times; i++) {
            guesses.check(peer);
            guesses.wrong(peer);
        }
    }

    @Test
    void afterTooManyTheAddressWaitsUntilTheMinuteIsOver() {
        wrong("1.2.3.4", 3);
        now = now.plusSeconds(20);
        assertThatThrownBy(() -> guesses.check("1.2.3.4"))
                .asInstanceOf(InstanceOfAssertFactories.type(RateLimited.class))
                .extracting(RateLimited::retryAfter)
                .isEqualTo(Duration.ofSeconds(40));
        now = now.plusSeconds(40);
        wrong("1.2.3.4", 3);
        assertThatThrownBy(() -> guesses.check("1.2.3.4")).isInstanceOf(RateLimited.class);
    }

    @Test
    void otherAddressesAreNotConcerned() {
        wrong("1.2.3.4", 3);
        assertThatCode(() -> guesses.check("1.2.3.5")).doesNotThrowAnyException();
    }

    @Test
    void aFewMistakesADayHurtNobody() {
        for (int i = 0; i < 10; i++) {
            wrong("1.2.3.4", 2);
            now = now.plusSeconds(61);
        }
        assertThatCode(() -> guesses.check("1.2.3.4")).doesNotThrowAnyException();
    }
}
