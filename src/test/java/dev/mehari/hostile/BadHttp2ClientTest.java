package dev.mehari.hostile;

import static dev.mehari.testing.H2Connection.CONTINUATION;
import static dev.mehari.testing.H2Connection.DATA;
import static dev.mehari.testing.H2Connection.GOAWAY;
import static dev.mehari.testing.H2Connection.HEADERS;
import static dev.mehari.testing.H2Connection.PING;
import static dev.mehari.testing.H2Connection.PUSH_PROMISE;
import static dev.mehari.testing.H2Connection.RST_STREAM;
import static dev.mehari.testing.H2Connection.SETTINGS;
import static dev.mehari.testing.H2Connection.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.FaultProxy;
import dev.mehari.testing.FaultProxy.Fault;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.H2Connection.Frame;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may do to a connection of HTTP/2 and its streams: who shares it notices nothing, and nothing stays. */
class BadHttp2ClientTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 20;
    private static final byte[] RECORD =
            ("data: " + Answers.text("y".repeat(8000)) + "\n\n").getBytes(StandardCharsets.US_ASCII);

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static FaultProxy before;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.openai.base-url=" + upstream.url(),
                "mehari.providers.openai.api-key=k",
                "mehari.providers.openai.pool.warm-up=0",
                "mehari.providers.openai.pool.keep-alive=1s",
                // Short only where a test waits for it.
                "mehari.providers.groq.base-url=" + upstream.url(),
                "mehari.providers.groq.api-key=k",
                "mehari.providers.groq.pool.warm-up=0",
                "mehari.providers.groq.timeouts.total=3s",
                "mehari.http.idle-timeout=2s",
                "mehari.http.body-timeout=1s");
        before = new FaultProxy(gateway.port());
    }

    @AfterAll
    static void stop() throws IOException {
        Eventually.holds(SOON, "nobody's connection is left", () -> before.open() == 0);
        before.close();
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void aGoodDay() {
        upstream.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        before.become(Fault.NONE);
        Eventually.holds(
                SOON, "no call is left", () -> gateway.bean(CallGate.class).inside() == 0);
        upstream.answer(Script.json(200, Answers.json("well")));
        assertThat(gateway.chat(Answers.ask("m", false), "x-provider", "openai").body())
                .contains("well");
    }

    private static void ask(H2Connection connection, int stream, String provider, boolean streamed) throws IOException {
        connection.ask(stream, Answers.ask("m", streamed), "x-provider", provider);
    }

    private static void isServed(H2Connection connection, int stream) throws IOException {
        upstream.answer(Script.json(200, Answers.json("served")));
        ask(connection, stream, "openai", false);
        assertThat(connection.body(stream)).contains("served");
    }

    private static byte[] chunk() {
        String size = Integer.toHexString(RECORD.length) + "\r\n";
        return (size + new String(RECORD, StandardCharsets.US_ASCII) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static Script flood(AtomicLong written) {
        return Script.stream().watch().repeat(100_000, chunk(), written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "before the first token", "in the middle"})
    void aStreamThatItsClientResetsLetsItsProviderGo(String when) throws Exception {
        upstream.answer(
                when.equals("in the middle")
                        ? Script.stream().event(Answers.text("half")).hang()
                        : Script.silence());
        try (H2Connection client = new H2Connection(before.port())) {
            ask(client, 1, "openai", !when.equals("json"));
            ScriptedUpstream.Request asked = upstream.awaitRequest();
            if (when.equals("in the middle")) {
                client.await(DATA, 1);
            }
            client.reset(1);
            asked.closed().await(SOON);
            isServed(client, 3);
        }
    }

    @Test
    void aClientThatSaysGoodbyeGetsWhatItHasAskedFor() throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("half"))
                .await(said)
                .event(Answers.finish())
                .endChunks());
        try (H2Connection client = new H2Connection(before.port())) {
            ask(client, 1, "openai", true);
            client.await(DATA, 1);
            client.send(GOAWAY, 0, 0, new byte[8]);
            said.countDown();
            assertThat(client.body(1)).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void aWindowThatIsClosedHoldsUpItsOwnStreamOnly() throws Exception {
        AtomicLong written = new AtomicLong();
        upstream.answer(flood(written));
        try (H2Connection client = new H2Connection(before.port())) {
            client.open(0, 100_000_000);
            ask(client, 1, "openai", true);
            Frame first = client.await(DATA, 1);
            // A byte a time: the slowest that a client can ask for.
            for (int stream = 3; stream < 3 + 2 * MANY; stream += 2) {
                client.open(1, 1);
                isServed(client, stream);
            }
            assertThat(first.payload()).isNotEmpty();
            long most = 100_000L * RECORD.length / 4;
            assertThat(written.get()).as("what its provider could send").isLessThan(most);
            // What waits for it is thrown away, and that hits nobody else.
            client.reset(1);
            isServed(client, 3 + 2 * MANY);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoNeverOpensItsWindowLosesItsStreamOnly(boolean streamed) throws Exception {
        String text = "x".repeat(1_000_000);
        upstream.answer(Script.silence());
        try (H2Connection client = new H2Connection(before.port())) {
            client.openEach(0);
            // Keeps the connection from being idle.
            ask(client, 1, "openai", true);
            upstream.awaitRequest();
            upstream.answer(streamed ? Script.events(Answers.stream(text)) : Script.json(200, Answers.json(text)));
            for (int stream = 3; stream < 3 + 2 * MANY; stream += 2) {
                // A stream is held back until its time is over, what is complete for as long as a connection may be
                // idle.
                ask(client, stream, "groq", streamed);
            }
            for (int reset = 0; reset < MANY; reset++) {
                assertThat(awaitReset(client)).isEqualTo((int) Http2Error.CANCEL.code());
            }
            client.openEach(65_535);
            isServed(client, 3 + 2 * MANY);
            client.reset(1);
        }
    }

    private static int awaitReset(H2Connection client) throws IOException {
        Frame frame = client.next();
        while (frame != null && frame.type() != RST_STREAM) {
            frame = client.next();
        }
        assertThat(frame).isNotNull();
        return frame.code();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoOpensItsWindowLateGetsAllOfIt(boolean streamed) throws Exception {
        String text = "x".repeat(1_000_000);
        upstream.answer(streamed ? Script.events(Answers.stream(text)) : Script.json(200, Answers.json(text)));
        try (H2Connection client = new H2Connection(before.port())) {
            client.openEach(0);
            ask(client, 1, "openai", streamed);
            client.await(HEADERS, 1);
            client.open(0, 100_000_000);
            client.open(1, 100_000_000);
            assertThat(client.body(1)).contains(text);
        }
    }

    @Test
    void manyUploadsThatNeverEndAreToldSoAndTheirNeighboursGoOn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("steady"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (H2Connection client = new H2Connection(before.port())) {
            ask(client, 1, "openai", true);
            client.await(DATA, 1);
            for (int stream = 3; stream < 3 + 2 * MANY; stream += 2) {
                client.head(stream, "/v1/chat/completions");
                client.send(DATA, 0, stream, "{".getBytes(StandardCharsets.US_ASCII));
            }
            // Each is answered with 408, and its stream given up some seconds later.
            for (int closed = 0; closed < MANY; ) {
                Frame frame = client.next();
                assertThat(frame).isNotNull();
                if (frame.type() == RST_STREAM) {
                    assertThat(frame.code()).isEqualTo((int) Http2Error.NO_ERROR.code());
                    closed++;
                } else if (frame.type() == DATA && frame.stream() > 1) {
                    assertThat(new String(frame.payload(), StandardCharsets.UTF_8))
                            .contains("request_timeout");
                }
            }
            go.countDown();
            assertThat(client.body(1)).endsWith("data: [DONE]\n\n");
        }
    }

    static Stream<Arguments> nonsense() {
        byte[] get =
                H2Connection.block(":method", "GET", ":scheme", "http", ":path", "/health", ":authority", "gateway");
        byte[] tooMuch = {0x7f, -1, -1, -1};
        return Stream.of(
                Arguments.of("data on no stream", DATA, 0, 0, new byte[1], Http2Error.PROTOCOL_ERROR),
                Arguments.of("a stream of the server's", HEADERS, 5, 2, get, Http2Error.PROTOCOL_ERROR),
                Arguments.of("a field of no table", HEADERS, 5, 3, new byte[] {-1, 127}, Http2Error.COMPRESSION_ERROR),
                Arguments.of("a field number 0", HEADERS, 5, 3, new byte[] {-128}, Http2Error.COMPRESSION_ERROR),
                Arguments.of("half a setting", SETTINGS, 0, 0, new byte[5], Http2Error.FRAME_SIZE_ERROR),
                Arguments.of("a ping cut short", PING, 0, 0, new byte[7], Http2Error.FRAME_SIZE_ERROR),
                Arguments.of("a window of nothing", WINDOW_UPDATE, 0, 0, new byte[4], Http2Error.PROTOCOL_ERROR),
                Arguments.of("a window too large", WINDOW_UPDATE, 0, 0, tooMuch, Http2Error.FLOW_CONTROL_ERROR),
                Arguments.of("more of no headers", CONTINUATION, 4, 1, get, Http2Error.PROTOCOL_ERROR),
                Arguments.of("a reset of no stream", RST_STREAM, 0, 9, new byte[4], Http2Error.PROTOCOL_ERROR),
                Arguments.of("a promise", PUSH_PROMISE, 4, 1, new byte[] {0, 0, 0, 2}, Http2Error.PROTOCOL_ERROR));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void whatIsNoHttp2EndsItsConnectionWithTheReasonAndNoOther(
            String what, int type, int flags, int stream, byte[] payload, Http2Error why) throws Exception {
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        try (H2Connection steady = new H2Connection(before.port());
                H2Connection client = new H2Connection(before.port())) {
            ask(client, 1, "openai", true);
            client.await(DATA, 1);
            client.send(type, flags, stream, payload);
            assertThat(client.await(GOAWAY, 0).code()).isEqualTo((int) why.code());
            assertThat(isClosed(client)).isTrue();
            upstream.last().closed().await(SOON);
            isServed(steady, 1);
        }
    }

    private static boolean isClosed(H2Connection client) throws IOException {
        try {
            while (client.next() != null) {
                // What was under way.
            }
        } catch (SocketException | EOFException reset) {
            return true;
        }
        return true;
    }

    @Test
    void aClientThatIsSwallowedWithManyStreamsHoldsNobodyLongerThanItsCallsMayTake() throws Exception {
        AtomicLong written = new AtomicLong();
        upstream.answer(flood(written));
        try (H2Connection client = new H2Connection(before.port())) {
            client.open(0, 100_000_000);
            for (int stream = 1; stream < 2 * MANY; stream += 2) {
                ask(client, stream, "groq", true);
            }
            client.await(DATA, 1);
            before.become(Fault.BLACKHOLE);
            assertThat(gateway.get("/health").statusCode()).isEqualTo(200);
            Eventually.holds(
                    SOON,
                    "its calls are over",
                    () -> gateway.bean(CallGate.class).inside() == 0);
        }
    }
}
