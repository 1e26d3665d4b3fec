package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.FullBacklog;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The four time-outs of a provider, each short at a provider of its own. */
class TimeoutsTest {
    private static ScriptedUpstream upstream;
    private static FullBacklog unreachable;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        unreachable = new FullBacklog();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.openai.timeouts.first-token=300ms",
                "mehari.providers.groq.base-url=" + upstream.url(),
                "mehari.providers.groq.timeouts.idle=300ms",
                "mehari.providers.mistral.base-url=" + upstream.url(),
                "mehari.providers.mistral.timeouts.total=500ms",
                "mehari.providers.deepseek.base-url=" + unreachable.url(),
                "mehari.providers.deepseek.timeouts.connect=300ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        unreachable.close();
    }

    private static HttpResponse<String> ask(String provider, boolean stream) {
        upstream.reset();
        return gateway.chat(Answers.ask("m", stream), "x-provider", provider);
    }

    private static void isTimeout(HttpResponse<String> answer, String message) {
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).contains(message, "\"type\":\"upstream_error\"", "\"code\":\"upstream_timeout\"");
    }

    @Test
    void connecting() {
        long started = System.nanoTime();
        isTimeout(ask("deepseek", false), "provider \\\"deepseek\\\" did not accept a connection within 300 ms");
        isTimeout(ask("deepseek", true), "did not accept a connection");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void theFirstToken() {
        upstream.answer(Script.silence());
        isTimeout(ask("openai", true), "provider \\\"openai\\\" sent no first token within 300 ms");
        upstream.last().closed().await(Duration.ofSeconds(1));
        upstream.answer(Script.stream().event(Answers.role()).hang());
        isTimeout(ask("openai", true), "sent no first token within 300 ms");
        upstream.last().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void theFirstTokenIsForStreamsOnly() {
        upstream.answer(new Script().pause(Duration.ofMillis(600)).then(Script.json(200, Answers.json("late"))));
        assertThat(ask("openai", false).body()).contains("late");
    }

    @Test
    void silenceBetweenEvents() {
        upstream.answer(Script.stream().event(Answers.text("one")).hang());
        HttpResponse<String> answer = ask("groq", true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("one", "data: {\"error\":{", "fell silent for 300 ms", "upstream_timeout")
                .doesNotContain("[DONE]");
        upstream.last().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void anySignOfLifeIsNoSilence() {
        Script slow = Script.stream();
        for (int i = 0; i < 4; i++) {
            slow.event(Answers.text("w" + i))
                    .pause(Duration.ofMillis(150))
                    .chunk(": ping\n\n")
                    .pause(Duration.ofMillis(150));
        }
        upstream.answer(slow.event(Answers.finish()).event("[DONE]").endChunks());
        assertThat(ask("groq", true).body()).contains("w3").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aSlowClientIsNotTheProvidersSilence() {
        AtomicLong written = new AtomicLong();
        byte[] record = ("data: " + Answers.text("x".repeat(8000)) + "\n\n").getBytes(StandardCharsets.UTF_8);
        byte[] chunk = (Integer.toHexString(record.length) + "\r\n" + new String(record, StandardCharsets.UTF_8)
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        int times = 4000;
        upstream.answer(Script.stream()
                .repeat(times, chunk, written)
                .event(Answers.finish())
                .event("[DONE]")
                .endChunks());
        try (RawClient client = RawClient.chat(gateway, Answers.ask("m", true), "x-provider", "groq")) {
            client.head();
            Eventually.passes(Duration.ofMillis(1000));
            assertThat(written.get()).isLessThan((long) times * chunk.length);
            long read = 0;
            String last = "";
            for (String part = client.chunk(); part != null; part = client.chunk()) {
                read += part.length();
                last = part;
            }
            assertThat(last).endsWith("data: [DONE]\n\n");
            assertThat(read).isGreaterThan(times * 8000L);
        }
    }

    @Test
    void theWholeAttempt() {
        upstream.answer(Script.silence());
        isTimeout(ask("mistral", false), "provider \\\"mistral\\\" did not finish within 500 ms");
        upstream.last().closed().await(Duration.ofSeconds(1));
        upstream.answer(
                new Script().head(200, "application/json", 100).send("{").hang());
        isTimeout(ask("mistral", false), "did not finish within 500 ms");
        upstream.last().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void theWholeStream() {
        Script endless = Script.stream().watch();
        for (int i = 0; i < 40; i++) {
            endless.event(Answers.text("w" + i)).pause(Duration.ofMillis(50));
        }
        upstream.answer(endless);
        HttpResponse<String> answer = ask("mistral", true);
        assertThat(answer.body())
                .contains("w0", "data: {\"error\":{", "did not finish within 500 ms")
                .doesNotContain("[DONE]", "w39");
        upstream.last().closed().await(Duration.ofSeconds(1));
    }
}
