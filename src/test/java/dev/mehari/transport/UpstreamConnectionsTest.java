package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to a provider: kept while they are good, dropped when they are not, tried again when never made. */
class UpstreamConnectionsTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static int closedPort;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        try (ScriptedUpstream gone = new ScriptedUpstream()) {
            closedPort = gone.port();
        }
        String nobody = "http://127.0.0.1:" + closedPort + "/v1";
        gateway = Gateway.before(
                upstream,
                "mehari.transport.event-loops=1",
                "mehari.providers.groq.base-url=" + nobody,
                "mehari.providers.groq.pool.connect-retries=100",
                "mehari.providers.mistral.base-url=" + nobody,
                "mehari.providers.mistral.pool.connect-retries=4",
                "mehari.providers.deepseek.base-url=" + nobody,
                "mehari.providers.deepseek.pool.connect-retries=0");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static int newConnectionsOf(int calls, Script script, boolean stream) {
        upstream.answer(script);
        gateway.chat(Answers.ask("gpt-4o-mini", stream));
        int before = upstream.connections();
        for (int i = 0; i < calls; i++) {
            gateway.chat(Answers.ask("gpt-4o-mini", stream));
        }
        return upstream.connections() - before;
    }

    @Test
    void oneIsUsedAgainAfterAWholeAnswer() {
        assertThat(newConnectionsOf(5, Script.json(200, Answers.json("hello")), false))
                .isZero();
    }

    @Test
    void oneIsUsedAgainAfterAnError() {
        assertThat(newConnectionsOf(5, Script.json(429, Answers.error("slow", "requests", null)), true))
                .isZero();
    }

    @Test
    void oneIsUsedAgainAfterAStream() {
        assertThat(newConnectionsOf(5, Script.events(Answers.stream("hello")), true))
                .isZero();
    }

    @Test
    void oneIsUsedAgainWhenTheBodyEndsALittleAfterDone() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        gateway.chat(Answers.ask("gpt-4o-mini", false));
        int before = upstream.connections();
        Script late = Script.stream();
        Answers.stream("hello").forEach(late::event);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        upstream.answer(late.pause(Duration.ofMillis(100)).endChunks().run(() -> ended.complete(null)));
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", true)).body()).endsWith("data: [DONE]\n\n");
        ended.join();
        upstream.answer(Script.json(200, Answers.json("hello")));
        // The end is on its way through the gateway's socket.
        Eventually.passes(Duration.ofMillis(50));
        gateway.chat(Answers.ask("gpt-4o-mini", false));
        assertThat(upstream.connections()).isEqualTo(before);
    }

    @Test
    void oneWhoseBodyNeverEndsAfterDoneIsClosed() {
        Script endless = Script.stream();
        Answers.stream("hello").forEach(endless::event);
        upstream.answer(endless.hang());
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", true)).body()).endsWith("data: [DONE]\n\n");
        upstream.last().closed().await(Duration.ofSeconds(2));
    }

    @Test
    void oneIsNotUsedAgainAfterItsClientLeft() throws InterruptedException {
        upstream.reset();
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        try (RawClient client = RawClient.chat(gateway, Answers.ask("gpt-4o-mini", true))) {
            client.head();
        }
        upstream.awaitRequest().closed().await(Duration.ofSeconds(1));
        int before = upstream.connections();
        upstream.answer(Script.json(200, Answers.json("fresh")));
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).body()).contains("fresh");
        assertThat(upstream.connections()).isEqualTo(before + 1);
    }

    @Test
    void oneThatTheProviderClosedMeanwhileDoesNotFailTheNextCall() {
        for (int i = 0; i < 5; i++) {
            upstream.answer(Script.json(200, Answers.json("last words")).close());
            assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).statusCode())
                    .isEqualTo(200);
            Eventually.passes(Duration.ofMillis(20));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatEndsAsTheRequestArrivesIsReplacedByANewOne(boolean reset) {
        for (boolean stream : new boolean[] {false, true}) {
            upstream.answer(Script.json(200, Answers.json("first")));
            assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).statusCode())
                    .isEqualTo(200);
            upstream.reset();
            int before = upstream.connections();
            Script well = stream ? Script.events(Answers.stream("second")) : Script.json(200, Answers.json("second"));
            upstream.answer(request ->
                    upstream.requests().size() > 1 ? well : reset ? new Script().reset() : new Script().close());
            assertThat(gateway.chat(Answers.ask("gpt-4o-mini", stream)).body()).contains("second");
            assertThat(upstream.requests()).hasSize(2);
            assertThat(upstream.connections()).isEqualTo(before + 1);
        }
    }

    @Test
    void whatIsNoHttpOrHasAHeadTooLargeIsTold() {
        upstream.answer(new Script().send("220 smtp.example ESMTP\r\n\r\n").close());
        HttpResponse<String> answer = gateway.chat(Answers.ask("gpt-4o-mini", false));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("answered what is not HTTP");
        upstream.answer(Script.json(200, Answers.json("never"), "x-large", "x".repeat(100_000)));
        answer = gateway.chat(Answers.ask("gpt-4o-mini", false));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("answered with a head that is too large");
    }

    @Test
    void aRequestIsSentAnewOnlyOnce() {
        upstream.answer(Script.json(200, Answers.json("first")));
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).statusCode()).isEqualTo(200);
        upstream.reset();
        upstream.answer(new Script().close());
        HttpResponse<String> answer = gateway.chat(Answers.ask("gpt-4o-mini", false));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("closed the connection before it answered");
        assertThat(upstream.requests()).hasSize(2);
        // Of a connection that nothing went out on before nobody can say that it had been idle.
        upstream.reset();
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).statusCode()).isEqualTo(502);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aKeptOneThatEndsAfterAWhileMayHaveWorkedAndIsNotReplaced() {
        upstream.answer(Script.json(200, Answers.json("first")));
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).statusCode()).isEqualTo(200);
        upstream.reset();
        upstream.answer(new Script().pause(Duration.ofMillis(1500)).close());
        assertThat(gateway.chat(Answers.ask("gpt-4o-mini", false)).statusCode()).isEqualTo(502);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void oneThatCouldNotBeMadeIsTriedAgain() {
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> gateway.chat(Answers.ask("m", false), "x-provider", "groq"));
        Eventually.passes(Duration.ofMillis(200));
        assertThat(answer).isNotDone();
        try (ScriptedUpstream back = new ScriptedUpstream(closedPort)) {
            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(back.requests()).hasSize(1);
        }
    }

    @Test
    void theTriesAreCounted() {
        for (String provider : List.of("mistral", "deepseek")) {
            long started = System.nanoTime();
            HttpResponse<String> answer = gateway.chat(Answers.ask("m", true), "x-provider", provider);
            long millis = (System.nanoTime() - started) / 1_000_000;
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("cannot be reached", "upstream_unavailable")
                    .doesNotContain("127.0.0.1");
            if (provider.equals("mistral")) {
                assertThat(millis).as("four pauses of 50 ms").isBetween(190L, 2000L);
            }
        }
    }
}
