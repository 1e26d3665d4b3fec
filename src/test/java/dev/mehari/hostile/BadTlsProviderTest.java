package dev.mehari.hostile;

import static dev.mehari.testing.H2Connection.DATA;
import static dev.mehari.testing.H2Connection.END_STREAM;
import static dev.mehari.testing.H2Connection.GOAWAY;
import static dev.mehari.testing.H2Connection.RST_STREAM;
import static dev.mehari.testing.H2Connection.STATUS_200;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Certificate;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.FaultProxy;
import dev.mehari.testing.FaultProxy.Fault;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a provider may do to TLS, before it stands, in it and below it, with HTTP/1.1 and with HTTP/2 as they are agreed on
 * there: a defined answer, the next deployment where there is one, and the next call is well.
 */
class BadTlsProviderTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final int MANY = 20;

    private static SSLContext good;
    private static SSLContext expired;
    private static SSLContext another;
    private static SSLContext unknown;
    private static TlsProvider upstream;
    private static FaultProxy between;
    private static ScriptedUpstream other;
    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Certificate ours = Certificate.in(Files.createDirectory(folder.resolve("good")));
        Certificate late = Certificate.expired(Files.createDirectory(folder.resolve("expired")));
        Certificate elsewhere = Certificate.ofAnotherHost(Files.createDirectory(folder.resolve("another")));
        good = ours.shown();
        expired = late.shown();
        another = elsewhere.shown();
        unknown =
                Certificate.in(Files.createDirectory(folder.resolve("unknown"))).shown();
        Path trusted = Certificate.trusting(folder.resolve("trust.p12"), ours, late, elsewhere);
        System.setProperty(TRUST, trusted.toString());
        System.setProperty(TRUST + "Password", Certificate.PASSWORD);
        upstream = new TlsProvider();
        between = new FaultProxy(upstream.port());
        other = new ScriptedUpstream();
        other.answer(Script.json(200, Answers.json("from the other")));
        String address = "https://127.0.0.1:" + between.port() + "/v1";
        gateway = Gateway.start(
                "mehari.transport.event-loops=1",
                "mehari.routing.cooldown.longest=0s",
                "mehari.providers.openai.base-url=" + address,
                "mehari.providers.openai.api-key=k",
                "mehari.providers.openai.pool.warm-up=0",
                "mehari.providers.openai.timeouts.connect=3s",
                "mehari.providers.mistral.base-url=" + address,
                "mehari.providers.mistral.api-key=k",
                "mehari.providers.mistral.http-version=2",
                "mehari.providers.mistral.pool.warm-up=0",
                "mehari.providers.mistral.timeouts.connect=3s",
                // All its calls share one.
                "mehari.providers.mistral.pool.max-connections=1",
                "mehari.providers.openrouter.base-url=" + address,
                "mehari.providers.openrouter.api-key=k",
                "mehari.providers.openrouter.http-version=2",
                "mehari.providers.openrouter.pool.warm-up=0",
                // Short only where a test waits for it.
                "mehari.providers.deepseek.base-url=" + address,
                "mehari.providers.deepseek.api-key=k",
                "mehari.providers.deepseek.pool.warm-up=0",
                "mehari.providers.deepseek.timeouts.connect=500ms",
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
        System.clearProperty(TRUST);
        System.clearProperty(TRUST + "Password");
        gateway.close();
        Eventually.holds(SOON, "all connections are closed", () -> between.open() == 0);
        between.close();
        upstream.close();
        other.close();
    }

    @AfterEach
    void theNextCallIsWell() {
        between.become(Fault.NONE);
        upstream.act(good, (socket, number) -> {
            request(socket);
            say(socket, whole(Answers.json("well again")).replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
        });
        isWell("openai");
        isWell("deepseek");
        upstream.act(good, "h2", (socket, number) -> {
            H2Connection connection = H2Connection.accepted(socket, 100);
            int stream = connection.awaitRequest();
            connection.answer(stream, Answers.json("well again"));
            goAway(connection, stream);
        });
        isWell("mistral");
        isWell("openrouter");
        Eventually.holds(
                SOON, "no call is left", () -> gateway.bean(CallGate.class).inside() == 0);
        // All were told to close, and no test begins on a connection of another's.
        Eventually.holds(SOON, "no connection is left", () -> between.open() == 0);
    }

    private static void isWell(String provider) {
        Eventually.holds(SOON, provider + " serves again by itself", () -> ask(provider, false)
                .body()
                .contains("well again"));
    }

    private static void goAway(H2Connection connection, int last) throws IOException {
        connection.send(
                GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8)
                        .putInt(last)
                        .putInt((int) Http2Error.NO_ERROR.code())
                        .array());
    }

    /** What is done with a connection on which TLS stands; the first one has number 1. */
    private interface Act {
        void on(SSLSocket socket, int number) throws IOException;
    }

    /** What is done with a connection before anything was said on it; gives the one to go on with, or null. */
    private interface Entrance {
        SSLSocket on(Socket socket) throws IOException;
    }

    private static final class TlsProvider implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private volatile Entrance entrance = socket -> null;
        private volatile Act act = (socket, number) -> {};
        private volatile int before;

        TlsProvider() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void act(SSLContext shown, Act act) {
            act(shown, "http/1.1", act);
        }

        /** For connections from now on, of that version of HTTP; those that are open are closed. */
        void act(SSLContext shown, String agreed, Act act) {
            enter(plain -> handshake(plain, shown, agreed), act);
        }

        void enter(Entrance entrance, Act act) {
            this.entrance = entrance;
            this.act = act;
            for (Socket socket : sockets) {
                shut(socket);
            }
            before = sockets.size();
        }

        int connections() {
            return sockets.size() - before;
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
            try (socket) {
                SSLSocket secured = entrance.on(socket);
                if (secured != null) {
                    act.on(secured, number);
                    InputStream in = secured.getInputStream();
                    // Until the gateway closes it.
                    while (in.read() >= 0) {}
                }
            } catch (IOException ended) {
                // It has, or the test.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** TLS on top of a connection, which stays open below when TLS is closed: so its end can come without a word. */
    private static SSLSocket handshake(Socket plain, SSLContext shown, String agreed) throws IOException {
        SSLSocket secured = (SSLSocket) shown.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
        secured.setUseClientMode(false);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {agreed});
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // Then it is.
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

    /** Reads a request of HTTP/1.1 to its end. */
    private static void request(SSLSocket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the gateway has closed the connection");
            }
            head.append((char) b);
        }
        String length = head.toString().split("(?i)content-length: ")[1].split("\r\n")[0];
        in.readNBytes(Integer.parseInt(length));
    }

    private static void serve(SSLSocket socket, String text) throws IOException {
        while (true) {
            request(socket);
            say(socket, whole(Answers.json(text)));
        }
    }

    private static void serve(H2Connection connection, String text) throws IOException {
        while (true) {
            connection.answer(connection.awaitRequest(), Answers.json(text));
        }
    }

    private static void say(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String whole(String json) {
        return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json;
    }

    private static String chunk(String payload) {
        String record = "data: " + payload + "\n\n";
        return Integer.toHexString(record.length()) + "\r\n" + record + "\r\n";
    }

    private static String half() {
        return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                + chunk(Answers.text("half"));
    }

    private static void half(H2Connection connection, int stream) throws IOException {
        connection.head(stream, STATUS_200, "text/event-stream");
        event(connection, stream, Answers.text("half"));
    }

    private static void event(H2Connection connection, int stream, String payload) throws IOException {
        connection.send(DATA, 0, stream, ("data: " + payload + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void isTold(HttpResponse<String> answer, int status, String... words) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words).doesNotContain("127.0.0.1", "Exception");
    }

    /** Its group goes on to the next deployment. */
    private static void isLeftForTheNext() {
        assertThat(gateway.chat(Answers.ask("pair", false)).body()).contains("from the other");
        assertThat(gateway.chat(Answers.ask("pair", false)).body()).contains("from the other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "mistral"})
    void aCertificateThatHasExpiredIsTold(String provider) {
        upstream.act(expired, (socket, number) -> serve(socket, "never"));
        isTold(ask(provider, false), 502, "its certificate has expired", provider);
        isLeftForTheNext();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "mistral"})
    void aCertificateOfAnotherHostIsTold(String provider) {
        upstream.act(another, (socket, number) -> serve(socket, "never"));
        isTold(ask(provider, true), 502, "its certificate is not valid for its host name", provider);
        isLeftForTheNext();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "mistral"})
    void aCertificateThatNobodyVouchesForIsTold(String provider) {
        upstream.act(unknown, (socket, number) -> serve(socket, "never"));
        isTold(ask(provider, false), 502, "nobody whom this JVM trusts vouches for its certificate", provider);
        isLeftForTheNext();
    }

    @Test
    void aServerWithoutTlsIsTold() {
        upstream.enter(
                socket -> {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    return null;
                },
                (socket, number) -> {});
        isTold(ask("openai", false), 502, "it does not speak TLS");
        isLeftForTheNext();
    }

    /** The start of a record, of a server's hello in it, and an alert that nobody needs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0016",
                "\u0016\3\3\0\u007a",
                "\u0016\3\3\0\u007a\2\0\0\u0076\3\3abc",
                "\u0015\3\3\0\2\2\50"
            })
    void aHandshakeThatBreaksOffIsTold(String sent) {
        upstream.enter(
                socket -> {
                    socket.getInputStream().read();
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                    return null;
                },
                (socket, number) -> {});
        isTold(ask("openai", false), 502, "cannot be reached");
        isLeftForTheNext();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0016", "\u0016\3\3\0\u007a\2\0\0\u0076\3\3abc"})
    void aHandshakeThatFallsSilentIsGivenUp(String sent) {
        CountDownLatch closed = new CountDownLatch(1);
        upstream.enter(
                socket -> {
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                    while (socket.getInputStream().read() >= 0) {}
                    closed.countDown();
                    return null;
                },
                (socket, number) -> {});
        isTold(ask("deepseek", false), 504, "did not finish the TLS handshake within 500 ms");
        await(closed);
    }

    @Test
    void aHandshakeByteByByteIsServed() {
        upstream.act(good, (socket, number) -> serve(socket, "bytewise"));
        between.become(Fault.BYTEWISE);
        assertThat(ask("openai", false).body()).contains("bytewise");
    }

    @Test
    void aHandshakeThatIsTooSlowIsGivenUp() {
        upstream.act(good, (socket, number) -> serve(socket, "never"));
        between.become(Fault.delay(Duration.ofSeconds(5), Duration.ZERO));
        isTold(ask("deepseek", false), 504, "did not finish the TLS handshake within 500 ms");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /** Says a record's head and the first of its bytes, below TLS, and no more. */
    private static void cutInRecord(Socket plain) throws IOException {
        plain.getOutputStream().write(new byte[] {23, 3, 3, 4, 0, 1, 2, 3});
        plain.close();
    }

    /** Bytes that no key of this connection has made. */
    private static void garbage(Socket plain) throws IOException {
        OutputStream out = plain.getOutputStream();
        out.write(new byte[] {23, 3, 3, 0, 40});
        out.write(new byte[40]);
        out.flush();
    }

    private static void reset(Socket plain) throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    private static void breakOff(String how, Socket plain) throws IOException {
        switch (how) {
            case "cut" -> cutInRecord(plain);
            case "garbage" -> garbage(plain);
            case "unannounced" -> plain.close();
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** Lets a test reach below TLS once it stands. */
    private static Entrance remembering(List<Socket> plains, String agreed) {
        return plain -> {
            plains.add(plain);
            return handshake(plain, good, agreed);
        };
    }

    /** A reset may overtake what was said before it, and is not told apart then. */
    @ParameterizedTest
    @ValueSource(strings = {"cut", "garbage", "unannounced"})
    void anAnswerThatBreaksOffBelowTlsIsTold(String how) {
        List<Socket> plains = new CopyOnWriteArrayList<>();
        upstream.enter(remembering(plains, "http/1.1"), (socket, number) -> {
            request(socket);
            say(socket, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"id\":");
            breakOff(how, plains.getLast());
        });
        isTold(ask("openai", false), 502, "broke off in the middle of its answer");
        isLeftForTheNext();
    }

    @Test
    void aResetIsTold() {
        List<Socket> plains = new CopyOnWriteArrayList<>();
        upstream.enter(remembering(plains, "http/1.1"), (socket, number) -> {
            request(socket);
            reset(plains.getLast());
        });
        isTold(ask("openai", true), 502, "closed the connection before it answered");
        isLeftForTheNext();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "garbage", "unannounced"})
    void aStreamThatBreaksOffBelowTlsIsTold(String how) {
        List<Socket> plains = new CopyOnWriteArrayList<>();
        upstream.enter(remembering(plains, "http/1.1"), (socket, number) -> {
            request(socket);
            say(socket, half());
            breakOff(how, plains.getLast());
        });
        isTold(ask("openai", true), 200, "half", "\"code\":\"upstream_unavailable\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "garbage", "unannounced"})
    void manyStreamsOfOneConnectionThatBreaksBelowTlsAreAllTold(String how) {
        List<Socket> plains = new CopyOnWriteArrayList<>();
        upstream.enter(remembering(plains, "h2"), (socket, number) -> {
            H2Connection connection = H2Connection.accepted(socket, 100);
            for (int i = 0; i < MANY; i++) {
                half(connection, connection.awaitRequest());
            }
            breakOff(how, plains.getLast());
        });
        assertThat(asking(MANY, "mistral", true))
                .allSatisfy(call -> isTold(call.join(), 200, "half", "\"code\":\"upstream_unavailable\""));
    }

    /** It may have been cut by anybody on the way: RFC 9112 §9.8. What is not whole as JSON either is told. */
    @Test
    void anAnswerThatOnlyItsConnectionEndsMustBeWholeByItself() {
        List<Socket> plains = new CopyOnWriteArrayList<>();
        String head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
        String answer = Answers.json("complete");
        upstream.enter(remembering(plains, "http/1.1"), (socket, number) -> {
            request(socket);
            say(socket, head + (number == 1 ? answer.substring(0, answer.length() / 2) : answer));
            plains.getLast().close();
        });
        isTold(ask("openai", false), 502, "answered something that is not a JSON object");
        assertThat(ask("openai", false).body()).contains("complete");
    }

    @Test
    void aWholeAnswerIsTakenThoughItsConnectionEndsUnannounced() {
        List<Socket> plains = new CopyOnWriteArrayList<>();
        upstream.enter(remembering(plains, "http/1.1"), (socket, number) -> {
            request(socket);
            say(socket, whole(Answers.json("number " + number)));
            plains.getLast().close();
        });
        assertThat(ask("openai", false).body()).contains("number 1");
        Eventually.holds(SOON, "the gateway has noticed", () -> between.open() == 0);
        assertThat(ask("openai", false).body()).contains("number 2");
    }

    /** TLS 1.2 negotiates anew, TLS 1.3 changes its keys. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void newKeysInTheMiddleOfAStreamChangeNothing(String version) {
        upstream.enter(
                plain -> {
                    SSLSocket secured =
                            (SSLSocket) good.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
                    secured.setUseClientMode(false);
                    secured.setEnabledProtocols(new String[] {version});
                    secured.startHandshake();
                    return secured;
                },
                (socket, number) -> {
                    request(socket);
                    say(socket, half());
                    socket.startHandshake();
                    say(socket, chunk(Answers.text(" and half")));
                    socket.startHandshake();
                    say(socket, chunk(Answers.finish()) + chunk("[DONE]") + "0\r\n\r\n");
                });
        assertThat(ask("openai", true).body()).contains("half", " and half").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aServerThatAgreesOnHttp2AndDoesNotSpeakItIsTold() {
        upstream.act(good, "h2", (socket, number) -> say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"));
        isTold(ask("mistral", false), 502, "mistral");
    }

    @Test
    void aGoodbyeInTheMiddleOfStreamsLetsThemEndAndTheNextCallConnectsAnew() {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch elsewhere = new CountDownLatch(1);
        upstream.act(good, "h2", (socket, number) -> {
            H2Connection connection = H2Connection.accepted(socket, 100);
            if (number > 1) {
                serve(connection, "elsewhere");
            }
            int stream = connection.awaitRequest();
            half(connection, stream);
            goAway(connection, stream);
            told.countDown();
            await(elsewhere);
            event(connection, stream, Answers.finish());
            event(connection, stream, "[DONE]");
            connection.send(DATA, END_STREAM, stream, new byte[0]);
        });
        CompletableFuture<HttpResponse<String>> open =
                asking(1, "openrouter", true).getFirst();
        await(told);
        Eventually.holds(SOON, "a new connection serves", () -> ask("openrouter", false)
                .body()
                .contains("elsewhere"));
        elsewhere.countDown();
        assertThat(open.join().body()).contains("half").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aStreamThatIsResetEndsAloneAndItsNeighboursGoOn() {
        CountDownLatch reset = new CountDownLatch(1);
        upstream.act(good, "h2", (socket, number) -> {
            H2Connection connection = H2Connection.accepted(socket, 100);
            int first = connection.awaitRequest();
            half(connection, first);
            int second = connection.awaitRequest();
            half(connection, second);
            connection.send(
                    RST_STREAM,
                    0,
                    second,
                    ByteBuffer.allocate(4)
                            .putInt((int) Http2Error.INTERNAL_ERROR.code())
                            .array());
            await(reset);
            event(connection, first, Answers.finish());
            event(connection, first, "[DONE]");
            connection.send(DATA, END_STREAM, first, new byte[0]);
        });
        List<CompletableFuture<HttpResponse<String>>> calls = asking(2, "mistral", true);
        HttpResponse<String> broken = (HttpResponse<String>)
                CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new)).join();
        isTold(broken, 200, "half", "\"code\":\"upstream_unavailable\"");
        reset.countDown();
        assertThat(calls)
                .anySatisfy(
                        call -> assertThat(call.join().body()).contains("half").endsWith("data: [DONE]\n\n"));
        assertThat(upstream.connections()).isEqualTo(1);
    }
}
