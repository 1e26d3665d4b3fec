package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More calls than the gateway takes: two inside, two wait for half a second, the rest is told at once. */
class OverloadTest {
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final Duration SOON = Duration.ofSeconds(5);

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.limits.concurrent-calls=2",
                "mehari.limits.queue=2",
                "mehari.limits.queue-wait=500ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @AfterEach
    void nobodyIsLeftInside() {
        Eventually.holds(SOON, "all are out", () -> gate().inside() == 0 && gate().waiting() == 0);
    }

    private static CallGate gate() {
        return gateway.bean(CallGate.class);
    }

    private static List<CompletableFuture<HttpResponse<String>>> ask(int calls) {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            asked.add(CompletableFuture.supplyAsync(() -> gateway.chat(Answers.ask("gpt-4o", false)), THREADS));
        }
        return asked;
    }

    private static void isRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
        assertThat(answer.body()).contains("2 calls in flight", "\"code\":\"overloaded\"");
    }

    @Test
    void whoCannotEvenWaitIsToldAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(new Script().await(go).then(Script.json(200, Answers.json("hello"))));
        List<CompletableFuture<HttpResponse<String>>> first = ask(4);
        Eventually.holds(SOON, "two wait", () -> gate().inside() == 2 && gate().waiting() == 2);
        long started = System.nanoTime();
        isRefused(gateway.chat(Answers.ask("gpt-4o", true)));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(400));
        assertThat(gateway.get("/health/ready").statusCode())
                .as("health is no call")
                .isEqualTo(200);
        go.countDown();
        assertThat(first)
                .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
    }

    @Test
    void whoWaitsTooLongIsToldThen() {
        upstream.answer(new Script().pause(Duration.ofMillis(1500)).then(Script.json(200, Answers.json("hello"))));
        List<CompletableFuture<HttpResponse<String>>> calls = ask(4);
        long served =
                calls.stream().filter(call -> call.join().statusCode() == 200).count();
        assertThat(served).isEqualTo(2);
        calls.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.statusCode() != 200)
                .forEach(answer -> {
                    isRefused(answer);
                });
    }

    @Test
    void aStreamHoldsItsPlaceToItsEnd() {
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        try (RawClient one = RawClient.chat(gateway, Answers.ask("gpt-4o", true));
                RawClient two = RawClient.chat(gateway, Answers.ask("gpt-4o", true))) {
            one.head();
            two.head();
            isRefused(gateway.chat(Answers.ask("gpt-4o", true)));
        }
    }

    @Test
    void whoLeavesWhileWaitingIsForgotten() {
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        upstream.reset();
        try (RawClient one = RawClient.chat(gateway, Answers.ask("gpt-4o", true));
                RawClient two = RawClient.chat(gateway, Answers.ask("gpt-4o", true))) {
            one.head();
            two.head();
            RawClient waiting = RawClient.chat(gateway, Answers.ask("gpt-4o", true));
            Eventually.holds(SOON, "it waits", () -> gate().waiting() == 1);
            waiting.reset();
            Eventually.holds(Duration.ofMillis(300), "it is forgotten", () -> gate().waiting() == 0);
        }
        assertThat(upstream.requests()).hasSize(2);
    }
}
