package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Certificate;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's certificate changes on disk: new connections get the new one, open ones go on. */
class CertificateRenewalTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path made;

    private static Certificate first;
    private static Certificate second;

    @TempDir
    private Path live;

    @BeforeAll
    static void make() throws Exception {
        first = Certificate.in(Files.createDirectory(made.resolve("first")));
        second = Certificate.in(Files.createDirectory(made.resolve("second")));
    }

    private Gateway start() {
        return Gateway.start(
                "server.ssl.certificate=" + live.resolve("tls.crt"),
                "server.ssl.certificate-private-key=" + live.resolve("tls.key"),
                "spring.ssl.bundle.watch.file.quiet-period=100ms");
    }

    @Test
    void filesThatAreWrittenAnew() throws Exception {
        write(first);
        try (Gateway gateway = start();
                SSLSocket kept = connect(gateway)) {
            String before = served(kept);
            assertThat(asked(kept)).isEqualTo("HTTP/1.1 200 OK");
            write(second);
            Eventually.holds(SOON, "the new certificate is served", () -> !served(gateway)
                    .equals(before));
            assertThat(asked(kept)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    /** As Kubernetes mounts secrets: the files are links into a folder that is a link itself, and only that one changes. */
    @Test
    void aMountedSecretThatIsSwapped() throws Exception {
        mount("..2026_1", first);
        Files.createSymbolicLink(live.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        Files.createSymbolicLink(live.resolve("tls.key"), Path.of("..data", "tls.key"));
        try (Gateway gateway = start()) {
            String before = served(gateway);
            mount("..2026_2", second);
            Eventually.holds(SOON, "the new certificate is served", () -> !served(gateway)
                    .equals(before));
            String after = served(gateway);
            // Once more: what is watched must not be the folder that has gone.
            mount("..2026_3", first);
            Eventually.holds(
                    SOON, "the first one is served again", () -> served(gateway).equals(before));
            assertThat(after).isNotEqualTo(before);
        }
    }

    @Test
    void aKeyThatDoesNotFitIsNotTaken() throws Exception {
        write(first);
        try (Gateway gateway = start()) {
            String before = served(gateway);
            Files.copy(second.key(), live.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
            Eventually.passes(Duration.ofSeconds(1));
            assertThat(served(gateway)).isEqualTo(before);
            Files.copy(second.certificate(), live.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
            Eventually.holds(
                    SOON, "the new pair is served", () -> !served(gateway).equals(before));
        }
    }

    private void write(Certificate certificate) throws IOException {
        Files.copy(certificate.certificate(), live.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificate.key(), live.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void mount(String name, Certificate certificate) throws IOException {
        Path folder = Files.createDirectory(live.resolve(name));
        Files.copy(certificate.certificate(), folder.resolve("tls.crt"));
        Files.copy(certificate.key(), folder.resolve("tls.key"));
        Path link = Files.createSymbolicLink(live.resolve("..data_tmp"), Path.of(name));
        Files.move(link, live.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A handshake that meets the very moment of the change may be broken off; clients connect again, as here. */
    private static String served(Gateway gateway) {
        AtomicReference<String> serial = new AtomicReference<>("");
        Eventually.holds(SOON, "a handshake gets through", () -> {
            try (SSLSocket socket = connect(gateway)) {
                serial.set(served(socket));
                return true;
            } catch (IOException brokenOff) {
                return false;
            }
        });
        return serial.get();
    }

    private static String served(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSerialNumber()
                .toString();
    }

    private static SSLSocket connect(Gateway gateway) throws IOException {
        try {
            SSLContext any = SSLContext.getInstance("TLS");
            any.init(null, new TrustManager[] {new Anyone()}, null);
            SSLSocket socket =
                    (SSLSocket) any.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port());
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The status line. */
    private static String asked(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET /health HTTP/1.1\r\nhost: g\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = in.readLine();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            // Headers are not what this is about.
        }
        assertThat(in.read(new char[15])).isEqualTo(15);
        return status;
    }

    /** Which certificate is served is what the test looks at. */
    private record Anyone() implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
