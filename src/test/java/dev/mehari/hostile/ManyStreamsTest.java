package dev.mehari.hostile;

import static dev.mehari.testing.H2Connection.DATA;
import static dev.mehari.testing.H2Connection.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.H2Connection.Frame;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** As many streams over one connection of HTTP/2 as a proxy before us brings: all go on, whatever one of them does. */
class ManyStreamsTest {
    private static final int MANY = 150;
    private static final int ROUNDS = 10;
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream, "mehari.http.streams=200");
    }

    @AfterAll
    static void stop() {
        Eventually.holds(
                SOON, "no call is left", () -> gateway.bean(CallGate.class).inside() == 0);
        gateway.close();
        upstream.close();
    }

    /**
     * In steps: nobody's next event is sent before everybody has the last one. One that is stalled by another would stop
     * them all.
     */
    @Test
    void allStreamsOfOneConnectionGoOnTogetherBesideOneThatIsNotRead() throws IOException {
        CountDownLatch[] steps =
                Stream.generate(() -> new CountDownLatch(1)).limit(ROUNDS).toArray(CountDownLatch[]::new);
        Script steady = Script.stream();
        for (int round = 0; round < ROUNDS; round++) {
            steady.event(Answers.text("<" + round + ">" + "x".repeat(1000))).await(steps[round]);
        }
        steady.event(Answers.finish()).event("[DONE]").endChunks();
        AtomicLong poured = new AtomicLong();
        byte[] record = ("data: " + Answers.text("y".repeat(16_000)) + "\n\n").getBytes(StandardCharsets.US_ASCII);
        Script flood = Script.stream().watch().repeat(20_000, chunk(record), poured);
        upstream.answer(request -> request.body().contains("flood") ? flood : steady);
        try (H2Connection client = new H2Connection(gateway.port())) {
            // The connection has room for all; the first stream has no more than a stream begins with.
            client.open(0, 500_000_000);
            client.ask(1, Answers.ask("gpt-4o", true).replace("hi", "flood"));
            client.await(DATA, 1);
            Map<Integer, StringBuilder> heard = new HashMap<>();
            for (int stream = 3; stream < 3 + 2 * MANY; stream += 2) {
                client.ask(stream, Answers.ask("gpt-4o", true));
                heard.put(stream, new StringBuilder());
            }
            for (int round = 0; round < ROUNDS; round++) {
                hearAll(client, heard, "<" + round + ">");
                steps[round].countDown();
            }
            hearAll(client, heard, "data: [DONE]\n\n");
            assertThat(heard.values()).allSatisfy(text -> {
                for (int round = 0; round < ROUNDS; round++) {
                    assertThat(text).containsOnlyOnce("<" + round + ">");
                }
            });
            // What its provider could send stands in sockets and in one window, not here.
            assertThat(poured.get()).isLessThan(20_000L * record.length / 4);
            client.reset(1);
            upstream.answer(Script.json(200, Answers.json("afterwards")));
            client.ask(3 + 2 * MANY, Answers.ask("gpt-4o", false));
            assertThat(client.body(3 + 2 * MANY)).contains("afterwards");
        }
    }

    /** Reads until each of them has said that. */
    private static void hearAll(H2Connection client, Map<Integer, StringBuilder> heard, String text)
            throws IOException {
        long left =
                heard.values().stream().filter(said -> said.indexOf(text) < 0).count();
        while (left > 0) {
            Frame frame = client.next();
            assertThat(frame).as("the connection").isNotNull();
            assertThat(frame.type()).as("stream " + frame.stream()).isNotEqualTo(RST_STREAM);
            StringBuilder said = heard.get(frame.stream());
            if (frame.type() == DATA && said != null) {
                boolean before = said.indexOf(text) >= 0;
                said.append(new String(frame.payload(), StandardCharsets.UTF_8));
                if (!before && said.indexOf(text) >= 0) {
                    left--;
                }
            }
        }
    }

    private static byte[] chunk(byte[] record) {
        String size = Integer.toHexString(record.length) + "\r\n";
        return (size + new String(record, StandardCharsets.US_ASCII) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
