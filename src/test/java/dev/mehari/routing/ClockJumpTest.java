package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.SteadyClock;
import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the wall clock while deployments cool down and limits count: both go on as if nobody had. */
class ClockJumpTest {
    private Instant wall = Instant.parse("2026-01-01T12:00:00Z");
    private long nanos = Long.MAX_VALUE - 1_000_000_000L;
    private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

    private void passes(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3_600, 3_600, 86_400})
    void aCooldownLastsAsLongAsItWas(long jump) {
        DeploymentHealth health = new DeploymentHealth(Cooldown.DEFAULTS, clock);
        health.failed(FailureClass.RATE_LIMIT, Duration.ofSeconds(30), false);
        wall = wall.plusSeconds(jump);
        passes(Duration.ofSeconds(29));
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.COOLING);
        passes(Duration.ofSeconds(2));
        assertThat(health.state()).isEqualTo(DeploymentHealth.State.HALF_OPEN);
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3_600, 3_600, 86_400})
    void aLimitCountsTheSameMinute(long jump) {
        LocalLedger ledger = new LocalLedger(clock);
        Candidate one = new Candidate("d", new Limits(1, null, null), false);
        assertThat(ledger.reserve(List.of(one), 1, Duration.ofMinutes(1))).isInstanceOf(Outcome.Reserved.class);
        wall = wall.plusSeconds(jump);
        passes(Duration.ofSeconds(30));
        assertThat(ledger.reserve(List.of(one), 1, Duration.ofMinutes(1))).isInstanceOf(Outcome.Refused.class);
        passes(Duration.ofSeconds(32));
        assertThat(ledger.reserve(List.of(one), 1, Duration.ofMinutes(1))).isInstanceOf(Outcome.Reserved.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600, 3_600})
    void whatAProviderDatesIsWaitedForAndShownAsItSaid(long jump) {
        wall = wall.plusSeconds(jump);
        Instant told = wall.plusSeconds(60);
        Instant due = clock.ofWall(told);
        assertThat(Duration.between(clock.instant(), due)).isEqualTo(Duration.ofSeconds(60));
        assertThat(clock.onWall(due)).isEqualTo(told);
    }
}
