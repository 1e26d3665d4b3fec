package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.testing.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HeldTokenTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final AtomicInteger fetched = new AtomicInteger();
    private final Ticking clock = new Ticking();

    private HeldToken token() {
        return new HeldToken(clock, () -> new HeldToken.Token("token-" + fetched.incrementAndGet(), HOUR));
    }

    @Test
    void isFetchedOnceAndKept() {
        HeldToken token = token();
        assertThat(token.value()).isEqualTo("token-1");
        clock.pass(Duration.ofMinutes(54));
        assertThat(token.value()).isEqualTo("token-1");
        assertThat(fetched).hasValue(1);
    }

    @Test
    void isRenewedAheadOfItsEndWhileCallsGoOnWithIt() {
        HeldToken token = token();
        token.value();
        clock.pass(Duration.ofMinutes(56));
        assertThat(token.value()).isEqualTo("token-1");
        Eventually.holds(SOON, "the next one is there", () -> token.value().equals("token-2"));
        assertThat(fetched).hasValue(2);
    }

    @Test
    void isNotUsedAfterItsEnd() {
        HeldToken token = token();
        token.value();
        clock.pass(Duration.ofMinutes(61));
        assertThat(token.value()).isEqualTo("token-2");
    }

    @Test
    void manyCallersWaitForTheSameFetch() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        HeldToken token = new HeldToken(clock, () -> {
            fetched.incrementAndGet();
            await(slow);
            return new HeldToken.Token("slow", HOUR);
        });
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> values = IntStream.range(0, 50)
                    .mapToObj(i -> callers.submit(token::value))
                    .toList();
            Eventually.holds(SOON, "somebody fetches", () -> fetched.get() == 1);
            slow.countDown();
            for (Future<String> value : values) {
                assertThat(value.get()).isEqualTo("slow");
            }
        }
        assertThat(fetched).hasValue(1);
    }

    @Test
    void aRefusedOneIsReplacedOnce() {
        HeldToken token = token();
        token.value();
        clock.pass(Duration.ofMinutes(10));
        token.drop();
        assertThat(token.value()).isEqualTo("token-2");
        // Others that were refused with the first one come later.
        token.drop();
        assertThat(token.value()).isEqualTo("token-2");
    }

    @Test
    void aFailureReachesTheCallerAndTheNextOneTriesAgain() {
        HeldToken token = new HeldToken(clock, () -> {
            if (fetched.incrementAndGet() == 1) {
                throw new UpstreamUnavailable(503, "not now", null);
            }
            return new HeldToken.Token("late", HOUR);
        });
        assertThatThrownBy(token::value).isInstanceOf(UpstreamUnavailable.class).hasMessage("not now");
        assertThat(token.value()).isEqualTo("late");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** Stands still unless told. */
    private static final class Ticking extends Clock {
        private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("not needed here");
        }
    }
}
