package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.TwoProviders;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A comment line tells a waiting client that the gateway lives; it commits status 200, not the attempt. */
class KeepAliveTest {
    private static final Duration LONG = Duration.ofMillis(700);

    private static TwoProviders providers;

    @BeforeAll
    static void start() {
        providers = TwoProviders.start(
                "mehari.streaming.keep-alive=200ms",
                "mehari.providers.openai.timeouts.first-token=700ms",
                "mehari.providers.openai.timeouts.idle=5s");
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    private static void hasOnlyDataAndPings(String body) {
        assertThat(body.lines())
                .allMatch(line -> line.isEmpty()
                        || line.equals(": ping")
                        || line.startsWith("data: {")
                        || line.equals("data: [DONE]"));
        // A comment with a blank line of its own is an empty record for some clients.
        assertThat(body).doesNotContain(": ping\n\n");
    }

    @Test
    void theFirstPingBeginsTheAnswerAndFailoverGoesOn() {
        providers.play(Script.silence(), Script.events(Answers.stream("second")));
        try (RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true))) {
            assertThat(client.head())
                    .startsWith("http/1.1 200")
                    .contains("content-type: text/event-stream", "x-request-id: ", "x-accel-buffering: no");
            assertThat(client.chunk()).isEqualTo(": ping\n");
            assertThat(providers.second().requests()).isEmpty();
            String body = client.chunks();
            hasOnlyDataAndPings(body);
            assertThat(body)
                    .contains(": ping\ndata: {", "second")
                    .doesNotContain("error")
                    .endsWith("data: [DONE]\n\n");
        }
        assertThat(providers.second().requests()).hasSize(1);
    }

    @Test
    void aFailureOfAllAfterAPingIsAnErrorEvent() {
        providers.play(
                Script.silence(), Script.json(429, Answers.error("slow down", "requests", "rate_limit_exceeded")));
        try (RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true))) {
            assertThat(client.head()).startsWith("http/1.1 200");
            String body = client.chunks();
            hasOnlyDataAndPings(body);
            assertThat(body).startsWith(": ping\n").containsOnlyOnce("data: ").doesNotContain("[DONE]");
            assertThat(body)
                    .contains("data: {\"error\":{\"message\":\"slow down\"")
                    .endsWith("}}\n\n");
        }
    }

    @Test
    void silenceInTheMiddleIsFilledToo() {
        Script halting = Script.stream().event(Answers.text("one")).pause(LONG).event(Answers.text("two"));
        providers.play(halting.event(Answers.finish()).event("[DONE]").endChunks(), Script.silence());
        String body = providers.gateway().chat(Answers.ask("pair", true)).body();
        hasOnlyDataAndPings(body);
        assertThat(body).contains("\n\n: ping\n: ping\n").contains("two").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aStreamThatFlowsNeedsNone() {
        Script flowing = Script.stream();
        for (int i = 0; i < 10; i++) {
            flowing.event(Answers.text("w" + i)).pause(Duration.ofMillis(60));
        }
        providers.play(flowing.event(Answers.finish()).event("[DONE]").endChunks(), Script.silence());
        assertThat(providers.gateway().chat(Answers.ask("pair", true)).body())
                .doesNotContain("ping")
                .contains("w9");
    }

    @Test
    void aWholeAnswerHasNone() {
        providers.play(new Script().pause(LONG).then(Script.json(200, Answers.json("late"))), Script.silence());
        HttpResponse<String> answer = providers.gateway().chat(Answers.ask("pair", false));
        assertThat(answer.body()).startsWith("{").contains("late");
    }

    @Test
    void zeroTurnsItOff() {
        try (Gateway silent = Gateway.before(providers.first(), "mehari.streaming.keep-alive=0")) {
            Script halting =
                    Script.stream().event(Answers.text("one")).pause(LONG).event(Answers.finish());
            providers.play(new Script().pause(LONG).then(halting.event("[DONE]").endChunks()), Script.silence());
            assertThat(silent.chat(Answers.ask("gpt-4o-mini", true)).body())
                    .doesNotContain("ping")
                    .contains("one");
        }
    }
}
