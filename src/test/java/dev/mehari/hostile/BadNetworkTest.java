package dev.mehari.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.FaultProxy;
import dev.mehari.testing.FaultProxy.Fault;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of the network on either side of the gateway: a defined answer, then all is as it was. */
class BadNetworkTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LONG = "x".repeat(3000);

    private static ScriptedUpstream upstream;
    private static FaultProxy behind;
    private static FaultProxy before;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        behind = new FaultProxy(upstream.port());
        String address = "http://127.0.0.1:" + behind.port() + "/v1";
        gateway = Gateway.start(
                "mehari.providers.openai.base-url=" + address,
                "mehari.providers.openai.api-key=k",
                "mehari.providers.openai.pool.warm-up=0",
                "mehari.providers.openai.pool.keep-alive=1s",
                // Short only where a test waits for it.
                "mehari.providers.groq.base-url=" + address,
                "mehari.providers.groq.api-key=k",
                "mehari.providers.groq.pool.warm-up=0",
                "mehari.providers.groq.pool.keep-alive=1s",
                "mehari.providers.groq.timeouts.first-token=2s",
                "mehari.providers.groq.timeouts.idle=2s",
                "mehari.providers.groq.timeouts.total=5s");
        before = new FaultProxy(gateway.port());
    }

    @AfterAll
    static void stop() throws IOException {
        Eventually.holds(SOON, "nobody's connection is left", () -> before.open() == 0);
        Eventually.holds(SOON, "idle connections to the provider are closed", () -> behind.open() == 0);
        before.close();
        gateway.close();
        behind.close();
        upstream.close();
    }

    @BeforeEach
    void aGoodDay() {
        upstream.reset();
    }

    @AfterEach
    void allIsAsItWas() {
        behind.become(Fault.NONE);
        before.become(Fault.NONE);
        upstream.answer(Script.json(200, Answers.json("well again")));
        for (String provider : new String[] {"openai", "groq"}) {
            Eventually.holds(SOON, provider + " serves again by itself", () -> gateway.chat(
                            Answers.ask("m", false), "x-provider", provider)
                    .body()
                    .contains("well again"));
        }
        Eventually.holds(
                SOON, "no call is left", () -> gateway.bean(CallGate.class).inside() == 0);
    }

    private static HttpResponse<String> ask(String provider, boolean stream) {
        return gateway.chat(Answers.ask("m", stream), "x-provider", provider);
    }

    private static Script well(boolean stream) {
        return stream ? Script.events(Answers.stream(LONG, "end")) : Script.json(200, Answers.json(LONG + "end"));
    }

    private static void isError(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).contains("\"type\":\"upstream_error\"", "\"code\":\"" + code + "\"");
    }

    static Stream<Fault> slow() {
        return Stream.of(
                Fault.BYTEWISE, Fault.delay(Duration.ofMillis(20), Duration.ofMillis(60)), Fault.bandwidth(20_000));
    }

    @ParameterizedTest
    @MethodSource("slow")
    void aSlowWayToTheProviderChangesNothingButTime(Fault fault) {
        behind.become(fault);
        for (boolean stream : new boolean[] {false, true}) {
            upstream.answer(well(stream));
            assertThat(ask("openai", stream).body()).contains(LONG, "end");
        }
    }

    @ParameterizedTest
    @MethodSource("slow")
    void aSlowWayToTheClientChangesNothingButTime(Fault fault) {
        before.become(fault);
        upstream.answer(well(true));
        try (RawClient client = new RawClient(before.port()).ask(Answers.ask("m", true), "x-provider", "openai")) {
            assertThat(client.head()).startsWith("http/1.1 200 ");
            assertThat(client.chunks()).contains(LONG, "end").endsWith("data: [DONE]\n\n");
            upstream.answer(Script.json(200, Answers.json(LONG)));
            assertThat(client.ask(Answers.ask("m", false), "x-provider", "openai")
                            .head())
                    .startsWith("http/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProviderThatIsSwallowedTakesTooLong(boolean stream) {
        behind.become(Fault.BLACKHOLE);
        isError(ask("groq", stream), 504, "upstream_timeout");
    }

    @Test
    void aStreamThatIsSwallowedInItsMiddleFallsSilent() {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        upstream.answer(Script.stream()
                .event(Answers.text("half"))
                .run(seen::join)
                .event(Answers.text("lost"))
                .hang());
        try (RawClient client = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "groq")) {
            client.head();
            client.chunksUpTo("half");
            behind.become(Fault.BLACKHOLE);
            seen.complete(null);
            assertThat(client.chunks())
                    .contains("data: {\"error\":{", "fell silent", "upstream_timeout")
                    .doesNotContain("lost", "[DONE]");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatIsResetBeforeTheAnswer(boolean stream) {
        upstream.answer(new Script().run(behind::reset).hang());
        isError(ask("openai", stream), 502, "upstream_unavailable");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatIsHalfClosedBeforeTheAnswer(boolean stream) {
        upstream.answer(new Script().run(behind::endAnswers).hang());
        isError(ask("openai", stream), 502, "upstream_unavailable");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWholeAnswerThatEndsInItsMiddle(boolean rudely) {
        upstream.answer(new Script()
                .head(200, "application/json", 5000)
                .send("{\"id\":")
                .pause(Duration.ofMillis(50))
                .run(rudely ? behind::reset : behind::endAnswers)
                .hang());
        isError(ask("openai", false), 502, "upstream_unavailable");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatEndsInItsMiddleSaysSo(boolean rudely) throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        upstream.answer(Script.stream()
                .event(Answers.text("half"))
                .run(() -> {
                    seen.join();
                    if (rudely) {
                        behind.reset();
                    } else {
                        behind.endAnswers();
                    }
                })
                .hang());
        try (RawClient client = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "openai")) {
            client.head();
            client.chunksUpTo("half");
            seen.complete(null);
            assertThat(client.chunks()).contains("data: {\"error\":{").doesNotContain("[DONE]");
        }
    }

    @Test
    void aClientThatHasOnlyItsReceivingSideLeftCountsAsGone() throws InterruptedException {
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        try (RawClient client = new RawClient(before.port()).ask(Answers.ask("m", true), "x-provider", "openai")) {
            client.head();
            client.chunksUpTo("half");
            before.endRequests();
            upstream.awaitRequest().closed().await(SOON);
        }
    }

    @Test
    void aClientThatIsSwallowedHoldsNobodyLongerThanItsCallMayTake() throws InterruptedException {
        AtomicLong written = new AtomicLong();
        String record = "data: " + Answers.text(LONG) + "\n\n";
        byte[] chunk =
                (Integer.toHexString(record.length()) + "\r\n" + record + "\r\n").getBytes(StandardCharsets.US_ASCII);
        upstream.answer(Script.stream().watch().repeat(100_000, chunk, written));
        try (RawClient client = new RawClient(before.port()).ask(Answers.ask("m", true), "x-provider", "groq")) {
            client.head();
            before.become(Fault.BLACKHOLE);
            assertThat(gateway.get("/health").statusCode()).isEqualTo(200);
            upstream.awaitRequest().closed().await(SOON);
            Eventually.holds(
                    SOON, "its call is over", () -> gateway.bean(CallGate.class).inside() == 0);
            assertThat(written.get()).isLessThan(100_000L * chunk.length);
        }
    }
}
