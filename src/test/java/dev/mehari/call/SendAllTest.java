package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.testing.Shipped;
import dev.mehari.transport.Timeouts;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SendAllTest {
    private final AtomicInteger sent = new AtomicInteger();

    private static List<UpstreamRequest> requests(int count) {
        UpstreamTarget target = Shipped.providers().find("openai").target();
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        return IntStream.range(0, count)
                .mapToObj(i -> new UpstreamRequest(target, "/" + i, List.of(), new byte[0], false, timeouts))
                .toList();
    }

    private static UpstreamResponse answer(int status, UpstreamRequest to) {
        return new UpstreamResponse(
                status, MultiMap.caseInsensitiveMultiMap(), to.path().getBytes(StandardCharsets.US_ASCII), null);
    }

    @Test
    void answersComeInTheOrderOfTheirRequests() {
        List<UpstreamResponse> answers = SendAll.send(requests(30), each -> answer(200, each));
        assertThat(answers)
                .extracting(answer -> new String(answer.body(), StandardCharsets.US_ASCII))
                .isEqualTo(IntStream.range(0, 30).mapToObj(i -> "/" + i).toList());
    }

    @Test
    void eightAreUnderWayAtOnceAndNoMore() {
        CyclicBarrier eight = new CyclicBarrier(8);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        SendAll.send(requests(16), each -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            meet(eight);
            now.decrementAndGet();
            return answer(200, each);
        });
        assertThat(most.get()).isLessThanOrEqualTo(8);
    }

    @Test
    void aRejectionComesAloneAndNothingMoreIsSent() {
        CountDownLatch others = new CountDownLatch(1);
        List<UpstreamResponse> answers = SendAll.send(requests(100), each -> {
            if (sent.incrementAndGet() == 8) {
                return answer(429, each);
            }
            await(others);
            return answer(200, each);
        });
        others.countDown();
        assertThat(answers).singleElement().satisfies(answer -> assertThat(answer.status())
                .isEqualTo(429));
        assertThat(sent.get()).isLessThanOrEqualTo(8);
    }

    @Test
    void aFailureIsThrownAsItIs() {
        assertThatThrownBy(() -> SendAll.send(requests(3), each -> {
                    throw new UpstreamUnavailable(502, "gone", null);
                }))
                .isInstanceOf(UpstreamUnavailable.class)
                .hasMessage("gone");
    }

    private static void meet(CyclicBarrier others) {
        try {
            others.await(10, TimeUnit.SECONDS);
        } catch (Exception nobody) {
            throw new IllegalStateException("eight did not meet", nobody);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
