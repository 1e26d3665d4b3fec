package dev.mehari.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.testing.Certificate;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.OpenFiles;
import dev.mehari.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no TLS at the port that speaks it, or only half: closed, soon, and who speaks it well is served. */
class BadTlsTest {
    @TempDir
    private static Path folder;

    private static Certificate certificate;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        certificate = Certificate.in(folder);
        gateway = Gateway.start(
                "server.ssl.certificate=" + certificate.certificate(),
                "server.ssl.certificate-private-key=" + certificate.key());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void whoSpeaksItWellIsServed() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.startHandshake();
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    private static SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket)
                certificate.trust().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void plainHttpIsClosed() {
        try (RawClient client = new RawClient(gateway)) {
            client.send("GET /health HTTP/1.1\r\nhost: g\r\n\r\n");
            assertThat(client.rest()).doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void garbageIsClosed() {
        byte[] noise = new byte[4096];
        new Random(4).nextBytes(noise);
        try (RawClient client = new RawClient(gateway)) {
            client.trySend(new String(noise, StandardCharsets.ISO_8859_1));
            assertThat(client.rest()).doesNotContain("HTTP/");
        }
    }

    /** 1 is TLS 1.0, 2 TLS 1.1: our own JVM would not speak them, so the hello is written by hand. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oldVersionsAreRefused(int minor) {
        try (RawClient client = new RawClient(gateway)) {
            client.send(hello(minor));
            // An alert, then the end.
            assertThat(client.rest()).startsWith("\u0015\u0003");
        }
    }

    /** A ClientHello of TLS 1.(minor - 1), without extensions: RFC 5246 §7.4.1.2. */
    private static String hello(int minor) {
        StringBuilder body = new StringBuilder().append('\3').append((char) minor);
        body.append("r".repeat(32)).append('\0');
        // TLS_RSA_WITH_AES_128_CBC_SHA and TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA; no compression.
        body.append("\0\4\0\u002f\u00c0\u0009").append("\1\0");
        StringBuilder handshake =
                new StringBuilder("\1\0\0").append((char) body.length()).append(body);
        return "\u0016\3\1\0" + (char) handshake.length() + handshake;
    }

    @Test
    void handshakesThatAreCutLeaveNothing() {
        long before = OpenFiles.ofThisProcess();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RawClient client = new RawClient(gateway);
            client.send(hello(3).substring(0, 1 + i));
            clients.add(client);
        }
        for (int i = 0; i < 25; i++) {
            clients.get(i).reset();
        }
        // The others say nothing more: the gateway closes them by itself.
        for (int i = 25; i < 50; i++) {
            assertThat(clients.get(i).rest()).doesNotContain("HTTP/");
        }
        clients.forEach(RawClient::close);
        Eventually.holds(
                Duration.ofSeconds(30),
                "descriptors are back at " + before + ", now " + OpenFiles.ofThisProcess(),
                () -> OpenFiles.ofThisProcess() <= before + 5);
    }

    @Test
    void aClientThatTrustsNobodyHearsSo() throws IOException {
        try (SSLSocket socket = (SSLSocket)
                SSLSocketFactory.getDefault().createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }
}
