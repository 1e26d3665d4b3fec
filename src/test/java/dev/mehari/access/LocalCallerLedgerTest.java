package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallerLedger.Claim;
import dev.mehari.access.CallerLedger.Outcome;
import dev.mehari.access.CallerLedger.Reason;
import dev.mehari.access.CallerLedger.Ticket;
import dev.mehari.access.CallerLedger.Used;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Limits and budgets of one replica. */
class LocalCallerLedgerTest {
    private static final Duration LEASE = Duration.ofMinutes(30);

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    private final AtomicLong inDatabase = new AtomicLong();
    private final List<Long> told = new ArrayList<>();
    private final LocalCallerLedger ledger =
            new LocalCallerLedger(clock, purse -> inDatabase.get(), (purse, before, after) -> told.add(after));

    private static Claim claim(Quota quota, long tokens) {
        return new Claim("k", quota, List.of(), tokens, 0, LEASE);
    }

    private Claim paid(long limit, long nanos) {
        return new Claim("k", Quota.NONE, List.of(purse("key:k", limit)), 0, nanos, LEASE);
    }

    private Purse purse(String owner, long limit) {
        Budget.Period month = Budget.Period.MONTH;
        return new Purse(owner, owner, limit, month.start(clock.instant()), month.end(clock.instant()));
    }

    private Outcome.Refused refused(Claim claim) {
        Outcome outcome = ledger.reserve(claim);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return (Outcome.Refused) outcome;
    }

    @Test
    void requestsBeyondTheLimitWaitUntilTheOldestHasLeftTheMinute() {
        Quota two = new Quota(2, null, null);
        ledger.reserve(claim(two, 0));
        now.addAndGet(10_000);
        ledger.reserve(claim(two, 0));
        Outcome.Refused refused = refused(claim(two, 0));
        assertThat(refused.reason()).isEqualTo(Reason.REQUESTS);
        // The first was in the second that has just begun: 61 s after it, 10 of which are gone.
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(51));
        assertThat(refused.standing().requests()).isEqualTo(2);
        now.addAndGet(50_999);
        refused(claim(two, 0));
        now.addAndGet(1);
        assertThat(ledger.reserve(claim(two, 0))).isInstanceOf(Outcome.Admitted.class);
        refused(claim(two, 0));
    }

    @Test
    void aRefusedRequestBurnsNothing() {
        Quota quota = new Quota(1, 100L, null);
        ledger.reserve(claim(quota, 10));
        for (int i = 0; i < 50; i++) {
            refused(claim(quota, 10));
        }
        assertThat(refused(claim(quota, 10)).standing().tokens()).isEqualTo(10);
        now.addAndGet(61_000);
        assertThat(ledger.reserve(claim(quota, 100))).isInstanceOf(Outcome.Admitted.class);
    }

    @Test
    void tokensBecomeWhatWasUsed() {
        Quota quota = new Quota(null, 100L, null);
        Ticket ticket = ((Outcome.Admitted) ledger.reserve(claim(quota, 90))).ticket();
        assertThat(refused(claim(quota, 11)).reason()).isEqualTo(Reason.TOKENS);
        ledger.settle(ticket, new Used(20, 0L));
        assertThat(ledger.reserve(claim(quota, 80))).isInstanceOf(Outcome.Admitted.class);
        refused(claim(quota, 1));
    }

    @Test
    void tokensThatWereUsedAfterTheirMinuteAreForgotten() {
        Quota quota = new Quota(null, 100L, null);
        Ticket ticket = ((Outcome.Admitted) ledger.reserve(claim(quota, 90))).ticket();
        now.addAndGet(61_000);
        ledger.reserve(claim(quota, 5));
        ledger.settle(ticket, new Used(1, 0L));
        assertThat(ledger.reserve(claim(quota, 95))).isInstanceOf(Outcome.Admitted.class);
        refused(claim(quota, 1));
    }

    @Test
    void callsAtOnceAreFreeAgainWhenTheyEnd() {
        Quota one = new Quota(null, null, 1);
        Ticket ticket = ((Outcome.Admitted) ledger.reserve(claim(one, 0))).ticket();
        now.addAndGet(600_000);
        assertThat(refused(claim(one, 0)).reason()).isEqualTo(Reason.CONCURRENCY);
        ledger.settle(ticket, new Used(0, 0L));
        assertThat(ledger.reserve(claim(one, 0))).isInstanceOf(Outcome.Admitted.class);
    }

    @Test
    void aBudgetHoldsWhatIsPromisedAndGetsBackWhatWasNotUsed() {
        inDatabase.set(400);
        Ticket ticket = ((Outcome.Admitted) ledger.reserve(paid(1000, 600))).ticket();
        Outcome.Refused refused = refused(paid(1000, 1));
        assertThat(refused.reason()).isEqualTo(Reason.BUDGET);
        assertThat(refused.purse()).isEqualTo(purse("key:k", 1000));
        ledger.settle(ticket, new Used(0, 100L));
        assertThat(told).containsExactly(500L);
        assertThat(ledger.reserve(paid(1000, 500))).isInstanceOf(Outcome.Admitted.class);
        refused(paid(1000, 1));
    }

    @Test
    void aTeamsEmptyPurseLeavesTheKeysOwnUntouched() {
        Purse own = purse("key:k", 1000);
        Purse teams = purse("team:t", 10);
        Claim both = new Claim("k", Quota.NONE, List.of(own, teams), 0, 500, LEASE);
        assertThat(refused(both).purse()).isEqualTo(teams);
        assertThat(ledger.reserve(paid(1000, 1000))).isInstanceOf(Outcome.Admitted.class);
    }

    @Test
    void aRefusalByTheMinuteTakesNoMoney() {
        Quota one = new Quota(1, null, null);
        Purse own = purse("key:k", 1000);
        ledger.reserve(new Claim("k", one, List.of(own), 0, 100, LEASE));
        refused(new Claim("k", one, List.of(own), 0, 900, LEASE));
        assertThat(ledger.reserve(paid(1000, 900))).isInstanceOf(Outcome.Admitted.class);
    }

    @Test
    void nothingIsFreeOnceAllIsSpent() {
        inDatabase.set(1000);
        refused(paid(1000, 0));
    }

    @Test
    void theDatabaseMayKnowOfMoreThanThisReplica() {
        ledger.reserve(paid(1000, 0));
        ledger.raise(purse("key:k", 1000), 999);
        assertThat(ledger.reserve(paid(1000, 1))).isInstanceOf(Outcome.Admitted.class);
        ledger.raise(purse("key:k", 1000), 5);
        refused(paid(1000, 1));
    }

    @Test
    void anotherPeriodBeginsAnew() {
        inDatabase.set(1000);
        refused(paid(1000, 1));
        now.addAndGet(Duration.ofDays(40).toMillis());
        inDatabase.set(0);
        assertThat(ledger.reserve(paid(1000, 1000))).isInstanceOf(Outcome.Admitted.class);
    }

    @Test
    void sixtyFourThreadsTogetherNeverGetMoreThanTheLimits() throws InterruptedException {
        Quota quota = new Quota(1000, 5000L, null);
        AtomicInteger admitted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int call = 0; call < 100; call++) {
                    Outcome outcome =
                            ledger.reserve(new Claim("k", quota, List.of(purse("key:k", 9000)), 7, 11, LEASE));
                    if (outcome instanceof Outcome.Admitted in) {
                        admitted.incrementAndGet();
                        ledger.settle(in.ticket(), new Used(7, 11L));
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        // 5,000 tokens are 714 calls; 1,000 requests and 9,000 nano-dollars (818) are more.
        assertThat(admitted).hasValue(714);
    }

    @Test
    void aCallWithoutLimitsIsNotCounted() {
        Outcome outcome = ledger.reserve(new Claim("k", Quota.NONE, List.of(), 5, 5, LEASE));
        assertThat(outcome.standing()).isEqualTo(CallerLedger.Standing.NOTHING);
        ledger.settle(((Outcome.Admitted) outcome).ticket(), new Used(5, 0));
        assertThat(told).isEmpty();
    }
}
