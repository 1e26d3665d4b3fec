package dev.mehari;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to a gateway at work, in a process of its own. */
class ShutdownTest {
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private GatewayProcess start(String... settings) {
        return GatewayProcess.start(folder, Map.of("PORT", "0"), settings);
    }

    /** The demo provider repeats what it is asked, a word each so many milliseconds. */
    private static String ask(int wordMillis, int words, boolean stream) {
        return Answers.ask("demo-delay-" + wordMillis, stream).replace("\"hi\"", '"' + "word ".repeat(words) + '"');
    }

    private static boolean refusesConnections(GatewayProcess gateway) {
        try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            return !refused.isConnected();
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            throw new UncheckedIOException(other);
        }
    }

    @Test
    void twoHundredStreamsAreNotLost() throws Exception {
        try (GatewayProcess gateway = start()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(new RawClient(gateway.port()).ask(ask(100, 30, true)));
            }
            clients.forEach(RawClient::head);
            RawClient whole = new RawClient(gateway.port()).ask(ask(100, 30, false));
            H2Connection multiplexed = new H2Connection(gateway.port());
            CompletableFuture<String> overHttp2 = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return multiplexed.post("/v1/chat/completions", ask(100, 30, true));
                        } catch (IOException broken) {
                            throw new UncheckedIOException(broken);
                        }
                    },
                    THREADS);
            Eventually.passes(Duration.ofMillis(500));
            gateway.terminate();
            Eventually.holds(SOON, "new connections are refused", () -> refusesConnections(gateway));
            assertThat(overHttp2).as("the stop waits for what is open").isNotDone();
            assertThat(clients).allSatisfy(client -> assertThat(client.chunks()).endsWith("data: [DONE]\n\n"));
            assertThat(whole.head()).startsWith("http/1.1 200 ").contains("connection: close");
            assertThat(overHttp2.join()).endsWith("data: [DONE]\n\n");
            assertThat(multiplexed.toldToGo()).isTrue();
            assertThat(multiplexed.isClosed()).isTrue();
            assertThat(gateway.exitCode()).isEqualTo(143);
            assertThat(gateway.output()).doesNotContain("\tat ", "still open", "ERROR");
            clients.forEach(RawClient::close);
            whole.close();
            multiplexed.close();
        }
    }

    @Test
    void whatTakesLongerThanTheGraceEndsWithAnError() {
        try (GatewayProcess gateway = start("--spring.lifecycle.timeout-per-shutdown-phase=1s");
                RawClient stream = new RawClient(gateway.port()).ask(ask(300, 100, true));
                RawClient silent = new RawClient(gateway.port()).ask(ask(60_000, 2, true));
                RawClient whole = new RawClient(gateway.port()).ask(ask(300, 100, false))) {
            stream.head();
            stream.chunksUpTo("word");
            gateway.terminate();
            assertThat(stream.chunks())
                    .contains("data: {\"error\":{", "shutting down", "\"code\":\"overloaded\"")
                    .doesNotContain("[DONE]");
            assertThat(whole.head()).startsWith("http/1.1 503 ").contains("connection: close", "retry-after: 1");
            assertThat(silent.head()).startsWith("http/1.1 503 ");
            assertThat(gateway.exitCode()).isEqualTo(143);
            assertThat(gateway.output())
                    .contains("3 calls were still open after 1 s")
                    .doesNotContain("\tat ", "ERROR");
        }
    }

    @Test
    void loadBalancersGetTimeToNotice() {
        try (GatewayProcess gateway = start("--mehari.shutdown.delay=2s")) {
            assertThat(gateway.status("/health/ready")).isEqualTo(200);
            gateway.terminate();
            Eventually.holds(SOON, "it is not ready", () -> gateway.status("/health/ready") == 503);
            try (RawClient late = new RawClient(gateway.port()).ask(ask(1, 2, false))) {
                assertThat(late.head()).startsWith("http/1.1 200 ").contains("connection: close");
                assertThat(gateway.status("/health/live")).isEqualTo(200);
            }
            try (RawClient stream = new RawClient(gateway.port()).ask(ask(1, 2, true))) {
                assertThat(stream.head()).contains("connection: close");
                assertThat(stream.chunks()).endsWith("data: [DONE]\n\n");
                assertThat(stream.isClosed()).isTrue();
            }
            Eventually.holds(SOON, "it is gone", () -> refusesConnections(gateway));
            assertThat(gateway.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void aConnectionThatIsKeptIsToldOnItsNextCall() {
        try (GatewayProcess gateway = start();
                RawClient open = new RawClient(gateway.port()).ask(ask(100, 20, true));
                RawClient kept = new RawClient(gateway.port())) {
            open.head();
            String before = kept.ask(ask(1, 1, false)).head();
            assertThat(before).startsWith("http/1.1 200 ").doesNotContain("connection: close");
            kept.body(length(before));
            gateway.terminate();
            Eventually.holds(SOON, "new connections are refused", () -> refusesConnections(gateway));
            String refusal = kept.ask(ask(1, 1, false)).head();
            assertThat(refusal).startsWith("http/1.1 503 ").contains("connection: close", "retry-after: 1");
            assertThat(kept.body(length(refusal))).contains("shutting down");
            assertThat(kept.isClosed()).isTrue();
            assertThat(open.chunks()).endsWith("data: [DONE]\n\n");
        }
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring(16)))
                .findFirst()
                .orElseThrow();
    }
}
