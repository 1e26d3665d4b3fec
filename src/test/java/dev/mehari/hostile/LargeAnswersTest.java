package dev.mehari.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a hundred megabytes and clients that take none of them, before a heap that holds neither. */
class LargeAnswersTest {
    private static final int HUNDRED = 100 * 1024 * 1024;
    private static final byte[] MEGABYTE = "x".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path folder;

    private static ScriptedUpstream upstream;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = GatewayProcess.start(
                folder,
                Map.of(
                        "PORT",
                        "0",
                        "OPENAI_API_KEY",
                        "k",
                        "OPENAI_BASE_URL",
                        upstream.url(),
                        "JAVA_TOOL_OPTIONS",
                        "-Xmx192m -XX:+ExitOnOutOfMemoryError"),
                "--mehari.routing.cooldown.longest=0s");
        gateway.port();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @AfterEach
    void itLivesAndServes() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        assertThat(gateway.output()).doesNotContain("java.lang.OutOfMemoryError", "OutOfDirectMemoryError");
        Eventually.holds(Duration.ofSeconds(60), "small calls are served", () -> served(false));
    }

    private static boolean served(boolean stream) {
        try (RawClient client = new RawClient(gateway.port())) {
            return client.ask(Answers.ask("gpt-4o-mini", stream)).head().startsWith("http/1.1 200 ");
        }
    }

    /** A whole answer with a text of that many megabytes. */
    private static Script json(int megabytes) {
        String empty = Answers.json("");
        int at = empty.indexOf("\"content\":\"") + 11;
        return new Script()
                .head(200, "application/json", empty.length() + megabytes * MEGABYTE.length)
                .send(empty.substring(0, at))
                .repeat(megabytes, MEGABYTE, new AtomicLong())
                .send(empty.substring(at));
    }

    @Test
    void aWholeAnswerThatTheHeapCannotHoldIsRefusedInAWord() {
        upstream.answer(json(100));
        try (RawClient client =
                new RawClient(gateway.port()).ask(Answers.ask("gpt-4o-mini", false), "connection", "close")) {
            assertThat(client.head()).startsWith("http/1.1 502 ").contains("content-type: application/json");
            assertThat(client.rest()).contains("answered with more than", "\"type\":\"upstream_error\"");
        }
    }

    /** As bytes that pass, and as what is read and written anew for another API. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages"})
    void manyLargeAnswersAtOnceAreServedOrToldToComeBack(String path) throws Exception {
        upstream.answer(json(8));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> heads = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                heads.add(CompletableFuture.supplyAsync(() -> whole(path), clients));
            }
            for (CompletableFuture<String> head : heads) {
                assertThat(head.get()).matches("(?s)http/1.1 (200|503) .*");
            }
        }
        // What they held is free again.
        for (int i = 0; i < 6; i++) {
            assertThat(whole(path)).startsWith("http/1.1 200 ");
        }
    }

    private static String whole(String path) {
        String ask = Answers.ask("gpt-4o-mini", false).replace("{\"model\"", "{\"max_tokens\":5,\"model\"");
        try (RawClient client = new RawClient(gateway.port()).post(path, ask, "connection", "close")) {
            String head = client.head();
            String rest = client.rest();
            assertThat(rest).contains(head.startsWith("http/1.1 200 ") ? "_reason\":\"" : "too many large answers");
            return head;
        }
    }

    /** What a client does not take is held for it, and counts as long as it is. */
    @Test
    void clientsThatDoNotReadTheirWholeAnswersCannotFillTheHeap() {
        upstream.answer(json(14));
        List<RawClient> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                deaf.add(new RawClient(gateway.port()).ask(Answers.ask("gpt-4o-mini", false)));
            }
            deaf.forEach(RawClient::head);
            upstream.answer(Script.json(200, Answers.json("hello")));
            for (int i = 0; i < 20; i++) {
                assertThat(served(false)).isTrue();
            }
        } finally {
            deaf.forEach(RawClient::reset);
        }
    }

    @Test
    void aStreamOfAHundredMegabytesPassesRecordsOfOneMegabyteWhole() {
        String record = "data: " + Answers.text("é" + new String(MEGABYTE, StandardCharsets.US_ASCII)) + "\n\n";
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        byte[] chunk = new Framed(bytes).chunk();
        upstream.answer(Script.stream()
                .repeat(100, chunk, new AtomicLong())
                .event(Answers.finish())
                .event("[DONE]")
                .endChunks());
        long read = 0;
        String last = "";
        try (RawClient client = new RawClient(gateway.port()).ask(Answers.ask("gpt-4o-mini", true))) {
            assertThat(client.head()).startsWith("http/1.1 200 ");
            // Chunk by chunk as bytes: the whole would not be worth a test's own heap.
            for (String part = client.passing(); part != null; part = client.passing()) {
                read += part.length();
                last = part;
            }
        }
        assertThat(read).isGreaterThan(HUNDRED);
        assertThat(last).endsWith("data: [DONE]\n\n");
    }

    @Test
    void clientsThatReadAByteNowAndThenHoldBackTheirProvidersAndNobodyElse() {
        AtomicLong written = new AtomicLong();
        byte[] record = ("data: " + Answers.text("y".repeat(16_000)) + "\n\n").getBytes(StandardCharsets.UTF_8);
        byte[] chunk = new Framed(record).chunk();
        Script flood = Script.stream().repeat(HUNDRED / record.length, chunk, written);
        upstream.answer(request -> request.body().contains("flood") ? flood : Script.json(200, Answers.json("hi")));
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                slow.add(new RawClient(gateway.port())
                        .ask(Answers.ask("gpt-4o-mini", true).replace("\"hi\"", "\"flood\"")));
            }
            for (int round = 0; round < 5; round++) {
                slow.forEach(client -> client.body(1));
                assertThat(served(false)).isTrue();
            }
            // 40 floods of 100 MB each; what went through is what the sockets hold.
            assertThat(written.get()).isLessThan(40L * HUNDRED / 4);
        } finally {
            slow.forEach(RawClient::reset);
        }
    }

    /** A record as one chunk of a chunked body. */
    private record Framed(byte[] record) {
        byte[] chunk() {
            byte[] head = (Integer.toHexString(record.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            byte[] chunk = new byte[head.length + record.length + 2];
            System.arraycopy(head, 0, chunk, 0, head.length);
            System.arraycopy(record, 0, chunk, head.length, record.length);
            chunk[chunk.length - 2] = '\r';
            chunk[chunk.length - 1] = '\n';
            return chunk;
        }
    }
}
