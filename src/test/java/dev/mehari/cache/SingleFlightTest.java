package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Identical questions at once are one question upstream. */
@Timeout(120)
class SingleFlightTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static int questions;

    private String question;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.cache.enabled=true",
                "mehari.cache.mode=all",
                "mehari.cache.max-entry-size=200KB",
                "mehari.routing.cooldown.longest=0s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void anotherQuestion() {
        Eventually.holds(SOON, "nobody is inside any more", () -> inside() == 0);
        question = "question " + questions++;
        upstream.reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHundredAtOnceAreOneCallUpstream(boolean stream) throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        Script hello = stream
                ? begun().await(all).event(Answers.text("lo")).then(end())
                : new Script().await(all).then(Script.json(200, Answers.json("hello")));
        upstream.answer(hello);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> gateway.chat(body(stream))));
            Eventually.holds(SOON, "the first asks", () -> upstream.requests().size() == 1);
            for (int i = 1; i < 100; i++) {
                boolean asStream = stream ? i % 4 != 3 : i % 4 == 3;
                answers.add(threads.submit(() -> gateway.chat(body(asStream))));
            }
            Eventually.holds(SOON, "all are inside", () -> inside() == 100);
            all.countDown();
            int hits = 0;
            for (Future<HttpResponse<String>> answer : answers) {
                HttpResponse<String> got = answer.get();
                assertThat(got.statusCode()).isEqualTo(200);
                assertThat(got.body()).contains("\"stop\"").contains("lo");
                hits += got.headers().firstValue("x-cache").orElseThrow().equals("HIT") ? 1 : 0;
            }
            assertThat(upstream.requests()).hasSize(1);
            assertThat(hits).isEqualTo(99);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenTheFirstLeavesBeforeAnAnswerTheNextOneAsksForAll(boolean stream) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(request -> asked.incrementAndGet() == 1
                ? Script.silence()
                : new Script()
                        .await(go)
                        .then(
                                stream
                                        ? Script.events(Answers.stream("hello"))
                                        : Script.json(200, Answers.json("hello"))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            RawClient first = RawClient.chat(gateway, body(stream));
            Eventually.holds(SOON, "the first asks", () -> upstream.requests().size() == 1);
            List<Future<HttpResponse<String>>> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(threads.submit(() -> gateway.chat(body(stream))));
            }
            Eventually.holds(SOON, "all are inside", () -> inside() == 21);
            first.close();
            Eventually.holds(SOON, "another one asks", () -> upstream.requests().size() == 2);
            go.countDown();
            for (Future<HttpResponse<String>> other : others) {
                assertThat(other.get().body()).contains("hello").contains("\"stop\"");
            }
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void whenTheFirstLeavesInTheMiddleTheOthersGetTheRest() {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(begun().await(go).event(Answers.text("lo")).then(end()));
        RawClient first = RawClient.chat(gateway, body(true));
        first.head();
        assertThat(first.chunk()).contains("hel");
        try (RawClient other = RawClient.chat(gateway, body(true))) {
            assertThat(other.head()).contains("x-cache: hit");
            assertThat(other.chunk()).contains("hel");
            first.close();
            go.countDown();
            assertThat(rest(other)).contains("lo").contains("\"stop\"").endsWith("data: [DONE]\n\n");
        }
        Eventually.holds(
                SOON, "it is kept", () -> gateway.chat(body(false)).body().contains("hello"));
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void whenAllHaveLeftTheUpstreamIsClosed() {
        upstream.answer(begun().hang());
        RawClient first = RawClient.chat(gateway, body(true));
        first.head();
        first.chunk();
        RawClient other = RawClient.chat(gateway, body(true));
        other.head();
        other.chunk();
        first.close();
        Eventually.holds(SOON, "the first is gone", () -> inside() == 1);
        assertThat(upstream.last().closed().isClosed()).isFalse();
        other.close();
        upstream.last().closed().await(SOON);
    }

    @Test
    void whenTheFirstFailsEachAsksForItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch fail = new CountDownLatch(1);
        upstream.answer(request -> asked.incrementAndGet() == 1
                ? new Script().await(fail).then(Script.json(400, Answers.error("no", "invalid_request_error", null)))
                : Script.json(200, Answers.json("hello")));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = threads.submit(() -> gateway.chat(body(false)));
            Eventually.holds(SOON, "the first asks", () -> upstream.requests().size() == 1);
            List<Future<HttpResponse<String>>> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                others.add(threads.submit(() -> gateway.chat(body(false))));
            }
            Eventually.holds(SOON, "all are inside", () -> inside() == 6);
            fail.countDown();
            assertThat(first.get().statusCode()).isEqualTo(400);
            for (Future<HttpResponse<String>> other : others) {
                assertThat(other.get().statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoReadsSlowlyDoesNotHoldUpTheFirst() {
        AtomicLong written = new AtomicLong();
        String record = "data: " + Answers.text("x".repeat(16_000)) + "\n\n";
        byte[] chunk =
                (Integer.toHexString(record.length()) + "\r\n" + record + "\r\n").getBytes(StandardCharsets.US_ASCII);
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(begun().await(go).repeat(4000, chunk, written).then(end()));
        try (RawClient first = RawClient.chat(gateway, body(true))) {
            first.head();
            first.chunk();
            try (RawClient slow = RawClient.chat(gateway, body(true))) {
                assertThat(slow.head()).contains("x-cache: hit");
                slow.chunk();
                go.countDown();
                assertThat(rest(first)).endsWith("data: [DONE]\n\n");
                assertThat(rest(slow)).contains("reads too slowly").doesNotContain("[DONE]");
            }
        }
    }

    private static Script begun() {
        return Script.stream().event(Answers.role()).event(Answers.text("hel"));
    }

    private static Script end() {
        return new Script()
                .event(Answers.finish())
                .event(Answers.usage())
                .event("[DONE]")
                .endChunks();
    }

    private static int inside() {
        return gateway.bean(CallGate.class).inside();
    }

    private static String rest(RawClient client) {
        String last = "";
        StringBuilder rest = new StringBuilder();
        for (String part = client.chunk(); part != null; part = client.chunk()) {
            // Of a flood only the end is of interest.
            if (rest.length() > 100_000) {
                rest.setLength(0);
            }
            rest.append(part);
            last = part;
        }
        return rest.isEmpty() ? last : rest.toString();
    }

    private String body(boolean stream) {
        return Answers.ask("gpt-4o", stream).replace("\"hi\"", '"' + question + '"');
    }
}
