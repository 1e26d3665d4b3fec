package dev.mehari.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.OpenFiles;
import dev.mehari.testing.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands who connect and leave in every way there is: the gateway serves on, and keeps nothing of them. */
class ManyConnectionsTest {
    private static final int MANY = 5000;
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void fiveThousandConnectionsOpenedAndLeft(@TempDir Path folder) throws IOException {
        try (GatewayProcess gateway = GatewayProcess.start(
                folder,
                Map.of("PORT", "0"),
                // A slow machine takes its time to open them all: nobody is to be closed for waiting.
                "--mehari.http.head-timeout=10m",
                "--mehari.http.idle-timeout=10m")) {
            assertServes(gateway);
            long before = files(gateway);
            int many = possible();
            List<SocketChannel> open = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
                say(channel, i % 3);
                open.add(channel);
            }
            // A tenth aside: of what was open before some may have closed, and some files the first calls open for
            // good.
            int some = many / 10;
            Eventually.holds(SOON, "nearly all " + many + " are there", () -> files(gateway) >= before + many - some);
            assertServes(gateway);
            for (int i = 0; i < many; i++) {
                if (i % 2 == 0) {
                    open.get(i).setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                open.get(i).close();
            }
            Eventually.holds(SOON, "their descriptors are closed", () -> files(gateway) <= before + some);
            assertServes(gateway);
        }
    }

    /** Nothing, half a head, or a whole request whose answer nobody will read. */
    private static void say(SocketChannel channel, int what) throws IOException {
        String head = "GET /health HTTP/1.1\r\nhost: g\r\n";
        if (what > 0) {
            channel.write(ByteBuffer.wrap((what == 1 ? head : head + "\r\n").getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** Five thousand, or what this machine's limits leave to two processes that start with the same one. */
    private static int possible() {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long left = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 1000;
        return (int) Math.clamp(left, 100, MANY);
    }

    private static long files(GatewayProcess gateway) {
        return OpenFiles.of(Long.toString(gateway.pid()));
    }

    private static void assertServes(GatewayProcess gateway) {
        try (RawClient client = new RawClient(gateway.port()).ask(Answers.ask("demo", false))) {
            assertThat(client.head()).startsWith("http/1.1 200 ");
        }
    }
}
