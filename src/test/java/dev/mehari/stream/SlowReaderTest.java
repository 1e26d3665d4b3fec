package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that does not read holds its provider back; nothing piles up in between. */
class SlowReaderTest {
    private static final int RECORD = 16_000;
    private static final int RECORDS = 200_000_000 / RECORD;
    /** What four socket buffers of the loopback may take, generously. */
    private static final long BUFFERS = 40_000_000;

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void theProviderIsHeldBack() {
        AtomicLong written = new AtomicLong();
        String record = "data: " + Answers.text("x".repeat(RECORD)) + "\n\n";
        byte[] chunk =
                (Integer.toHexString(record.length()) + "\r\n" + record + "\r\n").getBytes(StandardCharsets.US_ASCII);
        Script flood = Script.stream()
                .repeat(RECORDS, chunk, written)
                .event(Answers.finish())
                .event("[DONE]")
                .endChunks();
        upstream.answer(request -> request.body().contains("flood") ? flood : Script.events(Answers.stream("other")));
        try (RawClient client =
                RawClient.chat(gateway, Answers.ask("gpt-4o-mini", true).replace("\"hi\"", "\"flood\""))) {
            client.head();
            awaitStandstill(written);
            assertThat(written.get()).isBetween(64_000L, BUFFERS);
            for (int i = 0; i < 10; i++) {
                assertThat(gateway.chat(Answers.ask("gpt-4o-mini", true)).body())
                        .contains("other")
                        .endsWith("data: [DONE]\n\n");
            }
            assertThat(written.get()).isLessThan(BUFFERS);
            long read = 0;
            String last = "";
            for (String part = client.chunk(); part != null; part = client.chunk()) {
                read += part.length();
                last = part;
            }
            assertThat(read).isGreaterThan((long) RECORDS * RECORD);
            assertThat(last).endsWith("data: [DONE]\n\n");
        }
    }

    private static void awaitStandstill(AtomicLong written) {
        Eventually.holds(Duration.ofSeconds(10), "the upstream's writes come to a standstill", () -> {
            long before = written.get();
            Eventually.passes(Duration.ofMillis(300));
            return before > 0 && written.get() == before;
        });
    }
}
