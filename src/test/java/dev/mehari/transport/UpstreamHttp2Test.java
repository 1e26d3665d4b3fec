package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Http2Upstream;
import dev.mehari.testing.Http2Upstream.Request;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Relay;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 to a provider: what holds of a connection with HTTP/1.1 holds of a stream, and its neighbours notice nothing. */
class UpstreamHttp2Test {
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private static Http2Upstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new Http2Upstream();
        gateway = Gateway.start(settings(upstream.url()));
    }

    private static String[] settings(String url) {
        List<String> settings = new ArrayList<>(List.of("mehari.transport.event-loops=1"));
        for (String provider : List.of("openai", "groq", "mistral", "sambanova", "deepseek")) {
            settings.add("mehari.providers." + provider + ".base-url=" + url);
            settings.add("mehari.providers." + provider + ".http-version=2");
        }
        settings.add("mehari.providers.openai.pool.max-connections=100");
        settings.add("mehari.providers.groq.timeouts.first-token=300ms");
        settings.add("mehari.providers.sambanova.timeouts.idle=300ms");
        settings.add("mehari.providers.mistral.timeouts.total=1s");
        settings.add("mehari.providers.deepseek.pool.max-connections=2");
        settings.add("mehari.providers.deepseek.pool.max-streams=1");
        // A stream that was opened for the warm-up alone must not count for ever.
        settings.add("mehari.providers.deepseek.pool.warm-up=2");
        settings.add("mehari.providers.deepseek.api-key=k");
        return settings.toArray(String[]::new);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static HttpResponse<String> ask(boolean stream) {
        return ask("openai", stream);
    }

    private static HttpResponse<String> ask(String provider, boolean stream) {
        return gateway.chat(Answers.ask("m", stream), "x-provider", provider);
    }

    private static CompletableFuture<HttpResponse<String>> asking(String provider, boolean stream) {
        return CompletableFuture.supplyAsync(() -> ask(provider, stream), THREADS);
    }

    private static void stream(Request request, String... words) {
        Answers.stream(words).forEach(request::event);
        request.end();
    }

    @Test
    void aWholeAnswer() throws InterruptedException {
        upstream.answer(request -> request.json(Answers.json("hello")));
        assertThat(ask(false).body()).isEqualTo(Answers.json("hello"));
        Request seen = upstream.awaitRequest();
        assertThat(seen.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(seen.header("content-type")).isEqualTo("application/json");
        assertThat(seen.header("content-length"))
                .isEqualTo(Integer.toString(seen.body().length()));
        assertThat(seen.body()).contains("\"hi\"");
    }

    @Test
    void aStream() {
        upstream.answer(request -> stream(request, "hel", "lo"));
        assertThat(ask(true).body()).contains("hel", "lo").endsWith("data: [DONE]\n\n");
    }

    @Test
    void anErrorKeepsItsStatus() {
        upstream.answer(request -> request.error(429, Answers.error("slow", "requests", null)));
        HttpResponse<String> answer = ask(true);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("slow");
    }

    @Test
    void manyCallsShareOneConnection() {
        upstream.answer(request -> request.json(Answers.json("hello")));
        ask(false);
        int before = upstream.connections().size();
        Queue<Request> waiting = new ConcurrentLinkedQueue<>();
        upstream.answer(waiting::add);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            calls.add(asking("openai", i % 2 == 0));
        }
        Eventually.holds(Duration.ofSeconds(10), "all calls are upstream", () -> waiting.size() == 80);
        waiting.forEach(request -> {
            if (request.body().contains("\"stream\":true")) {
                stream(request, "together");
            } else {
                request.json(Answers.json("together"));
            }
        });
        assertThat(calls).allSatisfy(call -> assertThat(call.join().body()).contains("together"));
        assertThat(upstream.connections()).hasSize(before);
    }

    @Test
    void callsAboveTheLimitWaitForAStream() throws InterruptedException {
        Queue<Request> waiting = new ConcurrentLinkedQueue<>();
        upstream.answer(waiting::add);
        List<CompletableFuture<HttpResponse<String>>> calls =
                List.of(asking("deepseek", false), asking("deepseek", false), asking("deepseek", false));
        Eventually.holds(Duration.ofSeconds(10), "two calls are upstream", () -> waiting.size() == 2);
        Eventually.passes(Duration.ofMillis(200));
        assertThat(waiting).hasSize(2);
        waiting.poll().json(Answers.json("first"));
        Eventually.holds(Duration.ofSeconds(10), "the third follows", () -> waiting.size() == 2);
        waiting.forEach(request -> request.json(Answers.json("later")));
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesResetsItsOwnStreamOnly(boolean stream) throws Exception {
        upstream.answer(request -> request.event(Answers.text("steady")));
        try (RawClient steady = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "openai")) {
            steady.head();
            steady.chunksUpTo("steady");
            Request other = upstream.awaitRequest();
            upstream.answer(request -> {});
            RawClient leaving = RawClient.chat(gateway, Answers.ask("m", stream), "x-provider", "openai");
            Request asked = upstream.awaitRequest();
            leaving.reset();
            assertThat(asked.awaitReset()).isEqualTo(Http2Error.CANCEL.code());
            assertThat(asked.connection()).isSameAs(other.connection());
            other.event(Answers.finish()).event("[DONE]").end();
            assertThat(steady.chunks()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleResetsItsStream() throws Exception {
        upstream.answer(request -> request.event(Answers.text("half")));
        RawClient leaving = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "openai");
        leaving.head();
        leaving.reset();
        assertThat(upstream.awaitRequest().awaitReset()).isEqualTo(Http2Error.CANCEL.code());
    }

    @Test
    void aStreamThatDoesNotEndAfterDoneIsReset() throws Exception {
        upstream.answer(request -> Answers.stream("hello").forEach(request::event));
        assertThat(ask(true).body()).endsWith("data: [DONE]\n\n");
        Request endless = upstream.awaitRequest();
        Eventually.holds(Duration.ofSeconds(3), "the stream is reset", endless::isReset);
    }

    @Test
    void noFirstToken() throws Exception {
        upstream.answer(request -> request.event(Answers.role()));
        assertTimeout(ask("groq", true), "sent no first token within 300 ms");
    }

    @Test
    void noAnswerAtAll() throws Exception {
        upstream.answer(request -> {});
        assertTimeout(ask("mistral", false), "did not finish within 1000 ms");
    }

    private static void assertTimeout(HttpResponse<String> answer, String words) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains(words);
        Request slow = upstream.awaitRequest();
        assertThat(slow.awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        // It lives, and says so when asked: no reason to close it.
        Eventually.passes(Duration.ofMillis(200));
        upstream.answer(request -> request.json(Answers.json("alive")));
        assertThat(ask("groq", false).body()).contains("alive");
    }

    @Test
    void silenceBetweenEvents() throws Exception {
        upstream.answer(request -> request.event(Answers.text("one")));
        assertThat(ask("sambanova", true).body())
                .contains("one", "fell silent for 300 ms")
                .doesNotContain("[DONE]");
        assertThat(upstream.awaitRequest().awaitReset()).isEqualTo(Http2Error.CANCEL.code());
    }

    @Test
    void aStreamThatTheProviderResetsEndsWithAnErrorEvent() {
        upstream.answer(request -> {
            request.event(Answers.text("half"));
            request.resetSoon(Http2Error.INTERNAL_ERROR);
        });
        assertThat(ask(true).body())
                .contains("half", "data: {\"error\":{", "broke off its stream")
                .doesNotContain("[DONE]");
    }

    @Test
    void aRequestThatTheProviderResetsIsNotSentAgain() {
        upstream.answer(request -> request.reset(Http2Error.INTERNAL_ERROR));
        HttpResponse<String> answer = ask(false);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("before it answered");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aRequestThatTheProviderRefusedIsSentAgain() {
        upstream.answer(request -> {
            if (upstream.requests().size() == 1) {
                request.reset(Http2Error.REFUSED_STREAM);
            } else {
                request.json(Answers.json("second try"));
            }
        });
        assertThat(ask(false).body()).contains("second try");
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void aRequestBehindAGoAwayIsSentAgainOnANewConnection() {
        upstream.answer(request -> {
            if (upstream.requests().size() == 1) {
                request.connection().goAway(0, request.stream() - 2);
            } else {
                request.json(Answers.json("second try"));
            }
        });
        assertThat(ask(false).body()).contains("second try");
        assertThat(upstream.requests())
                .hasSize(2)
                .extracting(Request::connection)
                .doesNotHaveDuplicates();
    }

    @Test
    void aGoAwayLetsOpenStreamsFinish() throws InterruptedException {
        upstream.answer(request -> request.event(Answers.text("half")));
        CompletableFuture<HttpResponse<String>> open = asking("openai", true);
        Request first = upstream.awaitRequest();
        first.connection().goAway(0, first.stream());
        upstream.answer(request -> request.json(Answers.json("elsewhere")));
        Eventually.passes(Duration.ofMillis(100));
        assertThat(ask(false).body()).contains("elsewhere");
        assertThat(upstream.awaitRequest().connection()).isNotSameAs(first.connection());
        first.event(Answers.finish()).event("[DONE]").end();
        assertThat(open.join().body()).contains("half").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aClientThatReadsSlowlyHoldsUpNobodyElse() throws Exception {
        String flood = "data: " + Answers.text("x".repeat(60_000)) + "\n\n";
        upstream.answer(request -> request.flood(flood, 500));
        try (RawClient slow = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "openai")) {
            slow.head();
            Request flooding = upstream.awaitRequest();
            Eventually.holds(Duration.ofSeconds(5), "the flood stands still", flooding::standsStill);
            upstream.answer(request -> stream(request, "y".repeat(100_000)));
            for (int i = 0; i < 10; i++) {
                assertThat(ask(true).body()).endsWith("data: [DONE]\n\n");
                assertThat(upstream.awaitRequest().connection()).isSameAs(flooding.connection());
            }
            assertThat(slow.chunks()).endsWith("data: [DONE]\n\n").hasSizeGreaterThan(500 * 60_000);
        }
    }

    @Test
    void aConnectionThatIsDeadIsFoundOut() throws IOException {
        // An upstream of its own: what the dead connection still carries would reach other tests.
        try (Http2Upstream far = new Http2Upstream();
                Relay network = new Relay(far.port());
                Gateway behind = Gateway.start(
                        "mehari.providers.openai.base-url=http://127.0.0.1:" + network.port() + "/v1",
                        "mehari.providers.openai.http-version=2",
                        "mehari.providers.openai.timeouts.connect=300ms",
                        "mehari.providers.openai.timeouts.first-token=300ms",
                        "mehari.transport.event-loops=1")) {
            far.answer(request -> stream(request, "hello"));
            assertThat(behind.chat(Answers.ask("gpt-4o", true)).statusCode()).isEqualTo(200);
            network.goSilent();
            assertThat(behind.chat(Answers.ask("gpt-4o", true)).statusCode()).isEqualTo(504);
            Eventually.holds(
                    Duration.ofSeconds(5),
                    "a new connection is made",
                    () -> behind.chat(Answers.ask("gpt-4o", true)).statusCode() == 200);
            assertThat(network.connections()).isEqualTo(2);
        }
    }
}
