package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Identical requests for embeddings at once are one upstream, as chats are. */
@Timeout(120)
class SingleFlightVectorsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 50;

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static int rounds;

    /** In front of each text: the tests share the cache. */
    private String round;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream, "mehari.cache.enabled=true", "mehari.routing.cooldown.longest=0s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void otherTexts() {
        Eventually.holds(SOON, "nobody is inside any more", () -> inside() == 0);
        round = rounds++ + "-";
        upstream.reset();
    }

    /** Of each text a vector with its last digit in it. */
    private static Script vectors(Request request) {
        JsonNode input = ErrorCheck.tree(request.body()).path("input");
        List<String> data = new ArrayList<>();
        for (JsonNode text : input) {
            String digit = text.asText().substring(text.asText().length() - 1);
            data.add("{\"object\":\"embedding\",\"index\":" + data.size() + ",\"embedding\":[0.25,0." + digit + "]}");
        }
        return Script.json(
                200,
                "{\"object\":\"list\",\"data\":[" + String.join(",", data)
                        + "],\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");
    }

    @Test
    void manyAtOnceAreOneCallUpstream() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        upstream.answer(request -> new Script().await(all).then(vectors(request)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> embed("a1", "b2")));
            Eventually.holds(SOON, "the first asks", () -> upstream.requests().size() == 1);
            for (int i = 1; i < MANY; i++) {
                answers.add(threads.submit(() -> embed("a1", "b2")));
            }
            Eventually.holds(SOON, "all are inside", () -> inside() == MANY);
            all.countDown();
            int hits = 0;
            for (Future<HttpResponse<String>> answer : answers) {
                HttpResponse<String> got = answer.get();
                assertThat(digits(got)).containsExactly(0.1, 0.2);
                assertThat(ErrorCheck.tree(got.body())
                                .at("/usage/prompt_tokens")
                                .asInt())
                        .isEqualTo(8);
                hits += cache(got).equals("HIT") ? 1 : 0;
            }
            assertThat(upstream.requests()).hasSize(1);
            assertThat(hits).isEqualTo(MANY - 1);
        }
    }

    @Test
    void whatIsMissingIsSharedBesideWhatWasKept() throws Exception {
        upstream.answer(SingleFlightVectorsTest::vectors);
        embed("a1");
        CountDownLatch all = new CountDownLatch(1);
        upstream.answer(request -> new Script().await(all).then(vectors(request)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = threads.submit(() -> embed("b2", "a1", "c3"));
            Eventually.holds(SOON, "it asks", () -> upstream.requests().size() == 2);
            Future<HttpResponse<String>> second = threads.submit(() -> embed("b2", "a1", "c3"));
            Future<HttpResponse<String>> other = threads.submit(() -> embed("d4"));
            Eventually.holds(SOON, "all are inside", () -> inside() == 3);
            Eventually.holds(
                    SOON,
                    "another question is another",
                    () -> upstream.requests().size() == 3);
            all.countDown();
            assertThat(digits(first.get())).containsExactly(0.2, 0.1, 0.3);
            assertThat(digits(second.get())).containsExactly(0.2, 0.1, 0.3);
            assertThat(digits(other.get())).containsExactly(0.4);
            assertThat(cache(second.get())).isEqualTo("HIT");
            assertThat(upstream.requests()).hasSize(3);
        }
    }

    @Test
    void whenTheFirstLeavesTheNextOneAsksForAll() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(request -> asked.incrementAndGet() == 1
                ? Script.silence()
                : new Script().await(go).then(vectors(request)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            RawClient first = new RawClient(gateway).post("/v1/embeddings", body("a1"));
            Eventually.holds(SOON, "the first asks", () -> upstream.requests().size() == 1);
            List<Future<HttpResponse<String>>> others = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> embed("a1")))
                    .toList();
            Eventually.holds(SOON, "all are inside", () -> inside() == 21);
            first.close();
            Eventually.holds(SOON, "another one asks", () -> upstream.requests().size() == 2);
            go.countDown();
            for (Future<HttpResponse<String>> other : others) {
                assertThat(digits(other.get())).containsExactly(0.1);
            }
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void whenTheFirstFailsEachAsksForItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch fail = new CountDownLatch(1);
        upstream.answer(request -> asked.incrementAndGet() == 1
                ? new Script().await(fail).then(Script.json(400, Answers.error("no", "invalid_request_error", null)))
                : vectors(request));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = threads.submit(() -> embed("a1"));
            Eventually.holds(SOON, "the first asks", () -> upstream.requests().size() == 1);
            List<Future<HttpResponse<String>>> others = IntStream.range(0, 5)
                    .mapToObj(i -> threads.submit(() -> embed("a1")))
                    .toList();
            Eventually.holds(SOON, "all are inside", () -> inside() == 6);
            fail.countDown();
            assertThat(first.get().statusCode()).isEqualTo(400);
            for (Future<HttpResponse<String>> other : others) {
                assertThat(digits(other.get())).containsExactly(0.1);
            }
        }
    }

    private String body(String... texts) {
        List<String> inputs = new ArrayList<>();
        for (String text : texts) {
            inputs.add('"' + round + text + '"');
        }
        return "{\"model\":\"text-embedding-3-small\",\"input\":[" + String.join(",", inputs) + "]}";
    }

    private HttpResponse<String> embed(String... texts) {
        return gateway.post("/v1/embeddings", body(texts));
    }

    private static int inside() {
        return gateway.bean(CallGate.class).inside();
    }

    private static String cache(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-cache").orElse("none");
    }

    private static List<Double> digits(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<Double> digits = new ArrayList<>();
        for (JsonNode entry : ErrorCheck.tree(answer.body()).path("data")) {
            digits.add(entry.path("embedding").path(1).floatValue() * 1.0);
        }
        return digits.stream().map(digit -> Math.round(digit * 10) / 10.0).toList();
    }
}
