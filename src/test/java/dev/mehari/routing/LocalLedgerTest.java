package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.routing.DeploymentLedger.Candidate;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.DeploymentLedger.Outcome;
import dev.mehari.routing.DeploymentLedger.Refusal;
import dev.mehari.routing.DeploymentLedger.Reservation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LocalLedgerTest {
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final Fleet clock = new Fleet();
    private final LocalLedger ledger = new LocalLedger(clock);

    private Outcome reserve(Limits limits, long tokens) {
        return ledger.reserve(List.of(new Candidate("a", limits, false)), tokens, LEASE);
    }

    private static Reservation got(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Reserved.class);
        return ((Outcome.Reserved) outcome).reservation();
    }

    private static Refusal not(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).refused().getFirst();
    }

    @Test
    void requestsAMinuteAreCountedOverThisSecondAndSixtyMore() {
        Limits limits = new Limits(2, null, null);
        got(reserve(limits, 0));
        clock.pass(Duration.ofSeconds(20));
        got(reserve(limits, 0));
        assertThat(not(reserve(limits, 0)))
                .isEqualTo(new Refusal("a", Refusal.Reason.REQUESTS, Duration.ofSeconds(41)));
        clock.pass(Duration.ofMillis(40_999));
        not(reserve(limits, 0));
        clock.pass(Duration.ofMillis(1));
        got(reserve(limits, 0));
        assertThat(not(reserve(limits, 0)).retryAfter()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void noSixtySecondsHoldMoreThanTheLimitWhereverTheyBegin() {
        Limits limits = new Limits(1, null, null);
        clock.pass(Duration.ofMillis(999));
        got(reserve(limits, 0));
        clock.pass(Duration.ofMillis(59_999));
        not(reserve(limits, 0));
        clock.pass(Duration.ofMillis(2));
        got(reserve(limits, 0));
    }

    @Test
    void tokensAMinuteAreCountedAsEstimatedUntilTheyAreKnown() {
        Limits limits = new Limits(null, 1000L, null);
        Reservation first = got(reserve(limits, 600));
        Reservation second = got(reserve(limits, 400));
        assertThat(not(reserve(limits, 1)).reason()).isEqualTo(Refusal.Reason.TOKENS);
        ledger.settle(first, 100L);
        Reservation third = got(reserve(limits, 500));
        not(reserve(limits, 1));
        ledger.settle(second, null);
        not(reserve(limits, 1));
        ledger.settle(third, 700L);
        ledger.settle(third, 0L);
        assertThat(not(reserve(limits, 1))).isEqualTo(new Refusal("a", Refusal.Reason.TOKENS, Duration.ofSeconds(61)));
        clock.pass(Duration.ofSeconds(61));
        got(reserve(limits, 1000));
    }

    @Test
    void usageThatBecomesKnownAfterItsMinuteChangesNothing() {
        Limits limits = new Limits(null, 1000L, null);
        Reservation slow = got(reserve(limits, 1000));
        clock.pass(Duration.ofSeconds(61));
        got(reserve(limits, 1000));
        ledger.settle(slow, 0L);
        not(reserve(limits, 1));
    }

    @Test
    void aCallLargerThanTheLimitWaitsForAnEmptyMinute() {
        Limits limits = new Limits(null, 1000L, null);
        got(reserve(limits, 1));
        assertThat(not(reserve(limits, 5000)).retryAfter()).isEqualTo(Duration.ofSeconds(61));
        clock.pass(Duration.ofSeconds(61));
        got(reserve(limits, 5000));
        not(reserve(limits, 1));
    }

    @Test
    void callsAtOnceAreCountedUntilTheyEnd() {
        Limits limits = new Limits(null, null, 2);
        Reservation first = got(reserve(limits, 0));
        got(reserve(limits, 0));
        clock.pass(Duration.ofMinutes(5));
        assertThat(not(reserve(limits, 0)).reason()).isEqualTo(Refusal.Reason.CONCURRENCY);
        ledger.settle(first, null);
        got(reserve(limits, 0));
        not(reserve(limits, 0));
    }

    @Test
    void theFirstCandidateWithRoomIsTaken() {
        Limits one = new Limits(1, null, null);
        got(reserve(one, 0));
        ledger.cool("b", clock.instant().plusSeconds(9));
        Outcome outcome = ledger.reserve(
                List.of(
                        new Candidate("a", one, false),
                        new Candidate("b", Limits.NONE, false),
                        new Candidate("c", Limits.NONE, false)),
                0,
                LEASE);
        assertThat(got(outcome).deployment()).isEqualTo("c");
        assertThat(((Outcome.Reserved) outcome).refused())
                .containsExactly(
                        new Refusal("a", Refusal.Reason.REQUESTS, Duration.ofSeconds(61)),
                        new Refusal("b", Refusal.Reason.COOLING, Duration.ofSeconds(9)));
    }

    @Test
    void aCooldownEndsByTimeOrByRecoveryAndTheLaterDeadlineWins() {
        ledger.cool("a", clock.instant().plusSeconds(9));
        ledger.cool("a", clock.instant().plusSeconds(3));
        assertThat(not(reserve(Limits.NONE, 0)).retryAfter()).isEqualTo(Duration.ofSeconds(9));
        got(ledger.reserve(List.of(new Candidate("a", Limits.NONE, true)), 0, LEASE));
        clock.pass(Duration.ofSeconds(9));
        got(reserve(Limits.NONE, 0));
        ledger.cool("a", clock.instant().plusSeconds(9));
        ledger.recovered("a");
        got(reserve(Limits.NONE, 0));
    }

    @Test
    void noLimitIsExceededByAThousandThreads() {
        AtomicInteger reserved = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1000; i++) {
                threads.submit(() -> {
                    if (reserve(new Limits(300, 700L, null), 2) instanceof Outcome.Reserved) {
                        reserved.incrementAndGet();
                    }
                });
            }
        }
        assertThat(reserved).hasValue(300);
    }
}
