package dev.mehari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The probe of containers without a shell. */
class HealthCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void readyIsZero() throws IOException {
        assertThat(ask(200)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void notReadyIsOneAndTold() throws IOException {
        assertThat(ask(503)).isEqualTo(1);
        assertThat(err.toString()).contains("/health/ready: status 503");
    }

    @Test
    void nobodyThereIsOneAndTold() {
        assertThat(run("http://127.0.0.1:1/health/ready")).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
    }

    private int ask(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            return run("http://127.0.0.1:" + server.getAddress().getPort() + "/health/ready");
        } finally {
            server.stop(0);
        }
    }

    private int run(String url) {
        return new CommandLine(new HealthCommand())
                .setErr(new PrintWriter(err, true))
                .execute("--url", url);
    }
}
