package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.testing.Certificate;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rediss://} talks to nobody but the server that was meant. */
class RedisTlsTest {
    @TempDir
    private Path folder;

    @Test
    void aServerWithACertificateThatTheJvmTrustsIsUsed() throws Exception {
        int port = RedisServer.freePort();
        try (RedisServer server = start(port)) {
            Process trusting = StormProcess.start(url("127.0.0.1", port), 5, 2, 10, trust());
            assertThat(StormProcess.reserved(trusting)).isEqualTo(5);
        }
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        int port = RedisServer.freePort();
        try (RedisServer server = start(port)) {
            Process trusting = StormProcess.start(url("127.0.0.2", port), 5, 2, 10, trust());
            assertThatThrownBy(() -> StormProcess.reserved(trusting))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("No subject alternative names matching IP address 127.0.0.2");
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        int port = RedisServer.freePort();
        try (RedisServer server = start(port);
                Replica replica = Replica.of(url("127.0.0.1", port), Duration.ofSeconds(5))) {
            Eventually.holds(Duration.ofSeconds(15), "it is refused", () -> String.valueOf(
                            replica.redis().status().reason())
                    .contains("certification path"));
        }
    }

    private RedisServer start(int port) throws Exception {
        Certificate own = Certificate.in(folder);
        return RedisServer.start(
                "--bind",
                "127.0.0.1",
                "127.0.0.2",
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                own.certificate().toString(),
                "--tls-key-file",
                own.key().toString(),
                "--tls-auth-clients",
                "no");
    }

    private static String url(String host, int port) {
        return "rediss://" + host + ":" + port;
    }

    /** As an operator with a private authority does it. */
    private String[] trust() throws Exception {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        try (InputStream pem = Files.newInputStream(folder.resolve("cert.pem"))) {
            authorities.setCertificateEntry(
                    "redis", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        Path file = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            authorities.store(out, "for-this-test".toCharArray());
        }
        return new String[] {"-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=for-this-test"};
    }
}
