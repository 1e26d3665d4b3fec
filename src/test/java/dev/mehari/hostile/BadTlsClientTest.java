package dev.mehari.hostile;

import static dev.mehari.testing.H2Connection.DATA;
import static dev.mehari.testing.H2Connection.GOAWAY;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client may do to TLS once it stands, with HTTP/1.1 and with HTTP/2 as they are agreed on there: its provider is let
 * go, others notice nothing, and nothing stays. What it may do before: {@link BadTlsTest}.
 */
class BadTlsClientTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Certificate certificate;
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static FaultProxy before;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        certificate = Certificate.in(folder);
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "server.ssl.certificate=" + certificate.certificate(),
                "server.ssl.certificate-private-key=" + certificate.key(),
                "mehari.providers.openai.pool.keep-alive=1s",
                "mehari.limits.body-size=1MB",
                "mehari.http.idle-timeout=5s",
                "mehari.http.body-timeout=2s");
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
    void nothingIsLeft() throws IOException {
        before.become(Fault.NONE);
        Eventually.holds(
                SOON, "no call is left", () -> gateway.bean(CallGate.class).inside() == 0);
        upstream.answer(Script.json(200, Answers.json("well")));
        try (Client client = new Client("h2")) {
            H2Connection connection = H2Connection.over(client.secured);
            connection.ask(1, Answers.ask("gpt-4o-mini", false));
            assertThat(connection.body(1)).contains("well");
        }
    }

    /** A connection to the gateway, above and below TLS. */
    private static final class Client implements AutoCloseable {
        private final Socket plain = new Socket(InetAddress.getLoopbackAddress(), before.port());
        private final SSLSocket secured;

        Client(String agreed, String... versions) throws IOException {
            plain.setSoTimeout(20_000);
            secured = (SSLSocket)
                    certificate.trust().getSocketFactory().createSocket(plain, "127.0.0.1", before.port(), false);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {agreed});
            if (versions.length > 0) {
                parameters.setProtocols(versions);
            }
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            assertThat(secured.getApplicationProtocol()).isEqualTo(agreed);
        }

        Client say(String text) throws IOException {
            secured.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        /** A request of HTTP/1.1. */
        Client ask(String json) throws IOException {
            return say(head(json.length()) + json);
        }

        static String head(long length) {
            return "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\ncontent-length: "
                    + length + "\r\n\r\n";
        }

        /** What comes, up to that text. */
        String upTo(String text) throws IOException {
            InputStream in = secured.getInputStream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            while (!read.toString(StandardCharsets.UTF_8).endsWith(text)) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("it ended after " + read);
                }
                read.write(b);
            }
            return read.toString(StandardCharsets.UTF_8);
        }

        /** Whether the gateway ends the connection, whatever it says before. */
        boolean isEnded() {
            try {
                return plain.getInputStream().readAllBytes() != null;
            } catch (IOException reset) {
                return !(reset instanceof SocketTimeoutException);
            }
        }

        void breakOff(String how) throws IOException {
            switch (how) {
                case "cut" -> {
                    plain.getOutputStream().write(new byte[] {23, 3, 3, 4, 0, 1, 2, 3});
                    plain.close();
                }
                case "garbage" -> {
                    plain.getOutputStream().write(new byte[] {23, 3, 3, 0, 40});
                    plain.getOutputStream().write(new byte[40]);
                    assertThat(isEnded()).isTrue();
                }
                case "reset" -> {
                    plain.setSoLinger(true, 0);
                    plain.close();
                }
                case "unannounced" -> plain.close();
                case "announced" -> {
                    secured.close();
                    plain.close();
                }
                default -> throw new IllegalArgumentException(how);
            }
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cut,true", "garbage,true", "reset,true", "unannounced,true", "announced,true",
        "cut,false", "garbage,false", "reset,false", "unannounced,false", "announced,false"
    })
    void whoeverLeavesInTheMiddleOfAStreamLetsTheProviderGo(String how, boolean http2) throws Exception {
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        try (Client client = new Client(http2 ? "h2" : "http/1.1")) {
            String ask = Answers.ask("gpt-4o-mini", true);
            if (http2) {
                H2Connection connection = H2Connection.over(client.secured);
                connection.ask(1, ask);
                connection.ask(3, ask);
                connection.await(DATA, 1);
            } else {
                client.ask(ask).upTo("half");
            }
            List<ScriptedUpstream.Request> asked = upstream.requests();
            client.breakOff(how);
            Eventually.holds(
                    SOON,
                    "its calls are over",
                    () -> gateway.bean(CallGate.class).inside() == 0);
            for (ScriptedUpstream.Request request : asked) {
                request.closed().await(SOON);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"cut,true", "reset,true", "cut,false", "reset,false", "unannounced,false"})
    void whoeverLeavesBeforeTheFirstTokenLetsTheProviderGo(String how, boolean http2) throws Exception {
        upstream.answer(Script.silence());
        try (Client client = new Client(http2 ? "h2" : "http/1.1")) {
            String ask = Answers.ask("gpt-4o-mini", false);
            if (http2) {
                H2Connection.over(client.secured).ask(1, ask);
            } else {
                client.ask(ask);
            }
            ScriptedUpstream.Request asked = upstream.awaitRequest();
            client.breakOff(how);
            asked.closed().await(SOON);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "garbage", "reset", "unannounced"})
    void aBodyThatBreaksOffBelowTlsReachesNobody(String how) throws IOException {
        try (Client client = new Client("http/1.1")) {
            client.say(Client.head(5000) + "{\"model\":\"gpt-4o-mini\",");
            client.breakOff(how);
        }
        Eventually.holds(SOON, "its connection is gone", () -> before.open() == 0);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aStreamThatItsClientResetsEndsAlone() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("half"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (Client client = new Client("h2")) {
            H2Connection connection = H2Connection.over(client.secured);
            connection.ask(1, Answers.ask("gpt-4o-mini", true));
            connection.await(DATA, 1);
            connection.ask(3, Answers.ask("gpt-4o-mini", true));
            connection.await(DATA, 3);
            connection.reset(1);
            Eventually.holds(
                    SOON, "one is left", () -> gateway.bean(CallGate.class).inside() == 1);
            go.countDown();
            assertThat(connection.body(3)).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void whoSaysGoodbyeGetsWhatWasAskedFor() throws IOException {
        CountDownLatch said = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("half"))
                .await(said)
                .event(Answers.finish())
                .endChunks());
        try (Client client = new Client("h2")) {
            H2Connection connection = H2Connection.over(client.secured);
            connection.ask(1, Answers.ask("gpt-4o-mini", true));
            connection.await(DATA, 1);
            connection.send(GOAWAY, 0, 0, new byte[8]);
            said.countDown();
            assertThat(connection.body(1)).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void newKeysInTheMiddleOfAStreamChangeNothing() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        upstream.answer(Script.stream()
                .event(Answers.text("half"))
                .await(go)
                .event(Answers.finish())
                .endChunks());
        try (Client client = new Client("http/1.1", "TLSv1.3")) {
            client.ask(Answers.ask("gpt-4o-mini", true)).upTo("half");
            client.secured.startHandshake();
            go.countDown();
            assertThat(client.upTo("0\r\n\r\n")).contains("data: [DONE]\n\n");
        }
    }

    /** As TLS 1.2 allows it: costly here and cheap there, and no client of HTTP needs it. */
    @Test
    void whoNegotiatesAnewInTheMiddleOfAStreamIsLeft() throws Exception {
        upstream.answer(Script.stream().event(Answers.text("half")).hang());
        try (Client client = new Client("http/1.1", "TLSv1.2")) {
            client.ask(Answers.ask("gpt-4o-mini", true)).upTo("half");
            ScriptedUpstream.Request asked = upstream.awaitRequest();
            try {
                client.secured.startHandshake();
            } catch (SSLException left) {
                // Told at once, or only by the connection's end.
            }
            assertThat(client.isEnded()).isTrue();
            asked.closed().await(SOON);
        }
    }

    /** Half a connection cannot be closed under TLS without the answer being lost, so the gateway reads on for a while. */
    @Test
    void aBodyThatIsTooLargeHearsSoThoughItIsStillBeingSent() throws IOException {
        try (Client client = new Client("http/1.1")) {
            client.say(Client.head(2_000_000) + "x".repeat(100_000));
            assertThat(client.upTo("\r\n\r\n")).startsWith("HTTP/1.1 413 ");
            assertThat(client.upTo("}}")).contains("mehari.limits.body-size");
        }
    }

    @Test
    void aBodyThatStaysAwayIsToldSo() throws IOException {
        try (Client client = new Client("http/1.1")) {
            client.say(Client.head(50) + "{");
            assertThat(client.upTo("\r\n\r\n")).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aConnectionByteByByteIsServed() throws IOException {
        before.become(Fault.BYTEWISE);
        upstream.answer(Script.events(Answers.stream("hello")));
        try (Client client = new Client("h2")) {
            H2Connection connection = H2Connection.over(client.secured);
            connection.ask(1, Answers.ask("gpt-4o-mini", true));
            assertThat(connection.body(1)).contains("hello").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void whoAgreesOnOneVersionAndSpeaksTheOtherIsNotServed() throws IOException {
        upstream.answer(Script.json(200, Answers.json("never")));
        try (Client client = new Client("h2")) {
            client.ask(Answers.ask("gpt-4o-mini", false));
            assertThat(client.isEnded()).isTrue();
        }
        try (Client client = new Client("http/1.1")) {
            client.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(upstream.requests()).isEmpty();
    }
}
