package dev.mehari.hostile;

import static dev.mehari.testing.H2Connection.DATA;
import static dev.mehari.testing.H2Connection.END_HEADERS;
import static dev.mehari.testing.H2Connection.END_STREAM;
import static dev.mehari.testing.H2Connection.GOAWAY;
import static dev.mehari.testing.H2Connection.HEADERS;
import static dev.mehari.testing.H2Connection.PING;
import static dev.mehari.testing.H2Connection.RST_STREAM;
import static dev.mehari.testing.H2Connection.SETTINGS;
import static dev.mehari.testing.H2Connection.STATUS_200;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider may do to a connection of HTTP/2, frame by frame: a defined answer, and the next call is well. */
class BadHttp2ProviderTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final int MANY = 30;

    private static RawProvider upstream;
    private static ScriptedUpstream other;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = new RawProvider();
        other = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.transport.event-loops=1",
                "mehari.routing.cooldown.longest=0s",
                "mehari.providers.openai.base-url=" + upstream.url(),
                "mehari.providers.openai.http-version=2",
                "mehari.providers.openai.api-key=k",
                "mehari.providers.openai.pool.warm-up=0",
                "mehari.providers.openai.timeouts.connect=1s",
                // Short only where a test waits for it.
                "mehari.providers.mistral.base-url=" + upstream.url(),
                "mehari.providers.mistral.http-version=2",
                "mehari.providers.mistral.api-key=k",
                "mehari.providers.mistral.pool.warm-up=0",
                "mehari.providers.mistral.pool.max-connections=1",
                "mehari.providers.mistral.timeouts.connect=1s",
                "mehari.providers.mistral.timeouts.idle=5s",
                "mehari.providers.mistral.timeouts.first-token=10s",
                "mehari.providers.groq.base-url=" + other.url(),
                "mehari.providers.groq.api-key=k",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].model=m",
                "mehari.models[0].deployments[1].provider=groq",
                "mehari.models[0].deployments[1].model=m",
                "mehari.models[0].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        Eventually.holds(SOON, "all connections are closed", () -> upstream.open() == 0);
        upstream.close();
        other.close();
    }

    @AfterEach
    void theNextCallIsWell() {
        upstream.act((connection, number) -> serve(connection, "well again"));
        for (String provider : new String[] {"openai", "mistral"}) {
            Eventually.holds(SOON, provider + " serves again by itself", () -> ask(provider, false)
                    .body()
                    .contains("well again"));
        }
        Eventually.holds(
                SOON, "no call is left", () -> gateway.bean(CallGate.class).inside() == 0);
        // Also of connections: what was broken or told to go is closed, and one for each provider stays.
        Eventually.holds(SOON, "no connection too many is left", () -> upstream.open() <= 2);
    }

    /** What is done with a connection, from its start to its end; the first one has number 1. */
    private interface Act {
        void on(H2Connection connection, int number) throws IOException;
    }

    private static final class RawProvider implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private volatile Act act = (connection, number) -> {};
        private volatile int before;
        private volatile int streams = 100;

        RawProvider() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
        }

        /** For connections from now on; those that are open are closed. */
        void act(Act act) {
            act(100, act);
        }

        /** @param streams at once on one connection */
        void act(int streams, Act act) {
            this.streams = streams;
            this.act = act;
            for (Socket socket : sockets) {
                close(socket);
            }
            before = sockets.size();
        }

        int connections() {
            return sockets.size() - before;
        }

        long open() {
            return sockets.stream().filter(socket -> !socket.isClosed()).count();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    int number = connections();
                    Thread.ofVirtual().start(() -> run(socket, number));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void run(Socket socket, int number) {
            try (socket;
                    H2Connection connection = H2Connection.accepted(socket, streams)) {
                act.on(connection, number);
                // Until the gateway closes it.
                while (connection.next() != null) {}
            } catch (IOException ended) {
                // It has.
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static HttpResponse<String> ask(String provider, boolean stream) {
        return gateway.chat(Answers.ask("m", stream), "x-provider", provider);
    }

    private static List<CompletableFuture<HttpResponse<String>>> asking(int calls, String provider, boolean stream) {
        return IntStream.range(0, calls)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(provider, stream), THREADS))
                .toList();
    }

    /** Answers all that comes. */
    private static void serve(H2Connection connection, String text) throws IOException {
        while (true) {
            connection.answer(connection.awaitRequest(), Answers.json(text));
        }
    }

    private static void event(H2Connection connection, int stream, String payload) throws IOException {
        connection.send(DATA, 0, stream, ("data: " + payload + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void half(H2Connection connection, int stream) throws IOException {
        connection.head(stream, STATUS_200, "text/event-stream");
        event(connection, stream, Answers.text("half"));
    }

    private static void reset(H2Connection connection, int stream, Http2Error why) throws IOException {
        connection.send(RST_STREAM, 0, stream, number((int) why.code()));
    }

    private static void goAway(H2Connection connection, int last, Http2Error why) throws IOException {
        connection.send(
                GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8).putInt(last).putInt((int) why.code()).array());
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @ParameterizedTest
    @EnumSource(
            value = Http2Error.class,
            names = {"REFUSED_STREAM", "INTERNAL_ERROR", "CANCEL", "ENHANCE_YOUR_CALM"})
    void aProviderThatResetsEveryRequestIsLeftForTheNext(Http2Error why) {
        List<Integer> asked = new CopyOnWriteArrayList<>();
        upstream.act((connection, number) -> {
            while (true) {
                int stream = connection.awaitRequest();
                asked.add(stream);
                reset(connection, stream, why);
            }
        });
        other.answer(Script.json(200, Answers.json("from the other")));
        HttpResponse<String> answer = gateway.chat(Answers.ask("pair", false));
        assertThat(answer.body()).contains("from the other");
        // Only what was not begun with is safe to send again, and once is enough.
        assertThat(asked).hasSize(why == Http2Error.REFUSED_STREAM ? 2 : 1);
    }

    @Test
    void aServerThatStopsInOrderLosesNoCall() {
        CountDownLatch told = new CountDownLatch(1);
        upstream.act((connection, number) -> {
            if (number > 1) {
                serve(connection, "elsewhere");
            }
            int first = connection.awaitRequest();
            half(connection, first);
            told.countDown();
            int second = connection.awaitRequest();
            // RFC 9113 §6.8: the first one promises everything, the last one says what was looked at.
            goAway(connection, Integer.MAX_VALUE, Http2Error.NO_ERROR);
            goAway(connection, first, Http2Error.NO_ERROR);
            event(connection, first, Answers.finish());
            event(connection, first, "[DONE]");
            connection.send(DATA, END_STREAM, first, new byte[0]);
            assertThat(second).isGreaterThan(first);
        });
        CompletableFuture<HttpResponse<String>> open = asking(1, "openai", true).getFirst();
        await(told);
        assertThat(ask("openai", false).body()).contains("elsewhere");
        assertThat(open.join().body()).contains("half").endsWith("data: [DONE]\n\n");
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void aGoodbyeBetweenCallsMovesThemToANewConnection() {
        CountDownLatch gone = new CountDownLatch(1);
        upstream.act((connection, number) -> {
            int stream = connection.awaitRequest();
            connection.answer(stream, Answers.json("number " + number));
            goAway(connection, stream, Http2Error.NO_ERROR);
            // The gateway has nothing to wait for on it and closes it.
            while (connection.next() != null) {}
            gone.countDown();
        });
        assertThat(ask("openai", false).body()).contains("number 1");
        await(gone);
        assertThat(ask("openai", false).body()).contains("number 2");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyCallsOnAConnectionThatBreaksAreAllTold(boolean stream) {
        upstream.act((connection, number) -> {
            for (int i = 0; i < MANY; i++) {
                int asked = connection.awaitRequest();
                if (stream) {
                    half(connection, asked);
                }
            }
            connection.close();
        });
        assertThat(asking(MANY, "mistral", stream)).allSatisfy(call -> {
            HttpResponse<String> answer = call.join();
            assertThat(answer.statusCode()).isEqualTo(stream ? 200 : 502);
            assertThat(answer.body())
                    .contains("\"code\":\"upstream_unavailable\"")
                    .doesNotContain("[DONE]");
        });
    }

    @Test
    void manyStreamsOnAConnectionThatIsDeadFallSilentAndTheNextCallConnectsAnew() {
        CountDownLatch allAsked = new CountDownLatch(MANY);
        CountDownLatch over = new CountDownLatch(1);
        upstream.act((connection, number) -> {
            if (number > 1) {
                serve(connection, "anew");
            }
            for (int i = 0; i < MANY; i++) {
                half(connection, connection.awaitRequest());
                allAsked.countDown();
            }
            // Neither reads nor answers: no ping either.
            await(over);
        });
        List<CompletableFuture<HttpResponse<String>>> calls = asking(MANY, "mistral", true);
        await(allAsked);
        assertThat(calls).allSatisfy(call -> assertThat(call.join().body())
                .contains("half", "fell silent", "\"code\":\"upstream_timeout\"")
                .doesNotContain("[DONE]"));
        Eventually.holds(SOON, "a new connection serves", () -> ask("mistral", false)
                .body()
                .contains("anew"));
        over.countDown();
    }

    @Test
    void callsBeyondWhatAConnectionAllowsOpenAnother() {
        CountDownLatch allAsked = new CountDownLatch(9);
        upstream.act(3, (connection, number) -> {
            while (true) {
                int stream = connection.awaitRequest();
                allAsked.countDown();
                THREADS.execute(() -> {
                    await(allAsked);
                    answer(connection, stream, "at last");
                });
            }
        });
        assertThat(asking(9, "openai", false))
                .allSatisfy(call -> assertThat(call.join().body()).contains("at last"));
        assertThat(upstream.connections()).isGreaterThanOrEqualTo(3);
    }

    private static void answer(H2Connection connection, int stream, String text) {
        try {
            connection.answer(stream, Answers.json(text));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void callsBeyondTheOnlyConnectionWaitForTheirTurnLongerThanForAConnection() {
        upstream.act(2, (connection, number) -> {
            for (int i = 0; i < 4; i++) {
                int first = connection.awaitRequest();
                int second = connection.awaitRequest();
                // Three times: longer than the time for a connection.
                Eventually.passes(Duration.ofMillis(700));
                connection.answer(first, Answers.json("in turn"));
                connection.answer(second, Answers.json("in turn"));
            }
        });
        // One that has served, so that it is known to stand.
        List<CompletableFuture<HttpResponse<String>>> first = asking(2, "mistral", false);
        first.forEach(CompletableFuture::join);
        assertThat(asking(6, "mistral", false))
                .allSatisfy(call -> assertThat(call.join().body()).contains("in turn"));
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void aLimitThatIsLoweredLosesNoCall() {
        upstream.act((connection, number) -> {
            for (int i = 0; ; i++) {
                int stream = connection.awaitRequest();
                if (i % 5 == 0) {
                    connection.allow(1 + i % 3);
                }
                connection.answer(stream, Answers.json("all the same"));
            }
        });
        for (int round = 0; round < 10; round++) {
            assertThat(asking(5, "openai", false))
                    .allSatisfy(call -> assertThat(call.join().body()).contains("all the same"));
        }
    }

    @Test
    void aProviderThatAllowsNoStreamAtAllIsTooLate() {
        upstream.act(0, (connection, number) -> {});
        HttpResponse<String> answer = ask("openai", false);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"code\":\"upstream_timeout\"");
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of("a field of no table", HEADERS, END_HEADERS, new byte[] {-1, 127}),
                Arguments.of("a frame too long", DATA, 0, new byte[20_000]),
                Arguments.of("a ping cut short", PING, 0, new byte[7]),
                Arguments.of("half a setting", SETTINGS, 0, new byte[5]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void whatIsNoHttp2IsAFailureOfTheProvider(String what, int type, int flags, byte[] payload) {
        upstream.act((connection, number) -> {
            int stream = connection.awaitRequest();
            connection.send(type, flags, type == PING || type == SETTINGS ? 0 : stream, payload);
        });
        for (boolean stream : new boolean[] {true, false}) {
            HttpResponse<String> answer = ask("openai", stream);
            assertThat(answer.statusCode()).isBetween(502, 504);
            assertThat(answer.body()).contains("\"type\":\"upstream_error\"");
        }
    }

    /** RFC 9113 §8.1: the answer is whole, and the rest of the request not wanted. */
    @Test
    void anAnswerThatComesBeforeTheRequestIsThroughCounts() {
        upstream.act((connection, number) -> {
            // A window that is not opened: most of the request stays with the gateway.
            int stream = connection.await(HEADERS, 1).stream();
            connection.answer(stream, Answers.json("early"));
            reset(connection, stream, Http2Error.NO_ERROR);
        });
        HttpResponse<String> answer =
                gateway.chat(Answers.ask("m", false).replace("hi", "x".repeat(500_000)), "x-provider", "openai");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("early");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatIsBrokenOffHalfSentHitsNoNeighbour(boolean byItsClient) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        upstream.act((connection, number) -> {
            int steady = connection.awaitRequest();
            half(connection, steady);
            // A large one, of which the first window comes and no more.
            int large = connection.await(HEADERS, steady + 2).stream();
            begun.countDown();
            if (byItsClient) {
                connection.await(RST_STREAM, large);
            } else {
                reset(connection, large, Http2Error.INTERNAL_ERROR);
            }
            await(over);
            event(connection, steady, Answers.finish());
            event(connection, steady, "[DONE]");
            connection.send(DATA, END_STREAM, steady, new byte[0]);
        });
        try (RawClient steady = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "openai")) {
            steady.head();
            steady.chunksUpTo("half");
            String large = Answers.ask("m", false).replace("hi", "x".repeat(500_000));
            RawClient broken = RawClient.chat(gateway, large, "x-provider", "openai");
            await(begun);
            if (byItsClient) {
                broken.reset();
            } else {
                assertThat(broken.head()).startsWith("http/1.1 502 ");
                broken.close();
            }
            over.countDown();
            assertThat(steady.chunks()).endsWith("data: [DONE]\n\n");
        }
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void aProviderThatDoesNotTakeTheRequestIsTooLate() {
        upstream.act((connection, number) -> {});
        HttpResponse<String> answer =
                gateway.chat(Answers.ask("m", true).replace("hi", "x".repeat(500_000)), "x-provider", "mistral");
        assertThat(answer.statusCode()).isEqualTo(504);
    }
}
