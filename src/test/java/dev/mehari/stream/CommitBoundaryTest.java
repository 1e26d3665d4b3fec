package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.RoutesFolder;
import dev.mehari.testing.Script;
import dev.mehari.testing.TwoProviders;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Until the first event that says something, a failure is one that another deployment makes good. */
class CommitBoundaryTest {
    private static final Duration A_MOMENT = Duration.ofMillis(30);

    private static TwoProviders providers;

    @BeforeAll
    static void start(@TempDir Path routes) {
        providers = TwoProviders.start(
                RoutesFolder.withPatientBreakers(routes),
                "mehari.providers.openai.timeouts.first-token=300ms",
                "mehari.providers.openai.timeouts.total=800ms");
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    static Stream<Arguments> failuresOfAStream() {
        String error = Answers.error("first is ill", "server_error", null);
        return Stream.of(
                Arguments.of("a server error", Script.json(500, error)),
                Arguments.of("a refusal of our key", Script.json(401, error)),
                Arguments.of("an unknown model", Script.json(404, error)),
                Arguments.of("a rate limit", Script.json(429, error)),
                Arguments.of("an error event", Script.events(List.of(error))),
                Arguments.of("an error event after the role", Script.events(List.of(Answers.role(), error))),
                Arguments.of(
                        "an error named as event",
                        Script.stream().chunk("event: error\ndata: {}\n\n").endChunks()),
                Arguments.of("an error object for a stream", Script.json(200, error)),
                Arguments.of("a whole answer for a stream", Script.json(200, Answers.json("first"))),
                Arguments.of(
                        "a record that is no JSON",
                        Script.stream().event("oops").endChunks()),
                Arguments.of("a reset before the head", new Script().reset()),
                Arguments.of("a close before the head", new Script().close()),
                Arguments.of(
                        "half a head",
                        new Script().send("HTTP/1.1 200 OK\r\ncontent-ty").close()),
                Arguments.of(
                        "a reset after the head",
                        Script.stream().pause(A_MOMENT).reset()),
                Arguments.of(
                        "a reset after the role",
                        Script.stream().event(Answers.role()).pause(A_MOMENT).reset()),
                Arguments.of(
                        "a cut after the role",
                        Script.stream().event(Answers.role()).close()),
                Arguments.of("an end without a chunk", Script.stream().endChunks()),
                Arguments.of(
                        "an end after the role",
                        Script.stream().event(Answers.role()).endChunks()),
                Arguments.of("[DONE] without a chunk", Script.events(List.of("[DONE]"))),
                Arguments.of("[DONE] after the role", Script.events(List.of(Answers.role(), "[DONE]"))),
                Arguments.of("no head in time", Script.silence()),
                Arguments.of(
                        "no first token in time",
                        Script.stream().event(Answers.role()).hang()),
                Arguments.of(
                        "comments only",
                        Script.stream().chunk(": ping\n\n: ping\n\n").hang()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresOfAStream")
    void theNextDeploymentStreams(String what, Script failing) {
        providers.play(failing, Script.events(Answers.stream("second")));
        HttpResponse<String> answer = providers.gateway().chat(Answers.ask("pair", true));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-provider")).hasValue("groq");
        assertThat(answer.headers().firstValue("x-mehari-attempts")).hasValue("2");
        assertThat(answer.body())
                .containsOnlyOnce("\"role\"")
                .contains("second")
                .endsWith("data: [DONE]\n\n");
        assertThat(answer.body()).doesNotContain("first", "error");
        // Twice where it closed a kept connection at once: that may have been idle.
        assertThat(providers.first().requests()).hasSizeBetween(1, 2);
        assertThat(providers.second().requests()).hasSize(1);
    }

    static Stream<Arguments> failuresOfAWholeAnswer() {
        String error = Answers.error("first is ill", "server_error", null);
        return Stream.of(
                Arguments.of("a server error", Script.json(503, error)),
                Arguments.of("a rate limit", Script.json(429, error)),
                Arguments.of("an error inside 200", Script.json(200, error)),
                Arguments.of("no JSON", Script.json(200, "<html>")),
                Arguments.of("a reset before the head", new Script().reset()),
                Arguments.of("a close before the head", new Script().close()),
                Arguments.of(
                        "a reset in the body",
                        new Script()
                                .head(200, "application/json", 500)
                                .send("{")
                                .pause(A_MOMENT)
                                .reset()),
                Arguments.of(
                        "a body cut short",
                        new Script()
                                .head(200, "application/json", 500)
                                .send("{")
                                .close()),
                Arguments.of("silence", Script.silence()),
                Arguments.of(
                        "a body that never ends",
                        new Script().head(200, "application/json", 500).hang()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresOfAWholeAnswer")
    void theNextDeploymentAnswers(String what, Script failing) {
        providers.play(failing, Script.json(200, Answers.json("second")));
        HttpResponse<String> answer = providers.gateway().chat(Answers.ask("pair", false));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("second").doesNotContain("first");
        assertThat(answer.headers().firstValue("x-mehari-provider")).hasValue("groq");
        assertThat(providers.second().requests()).hasSize(1);
    }

    @Test
    void aFaultOfTheRequestIsNobodyElsesToMend() {
        providers.play(
                Script.json(400, Answers.error("bad temperature", "invalid_request_error", "invalid_value")),
                Script.events(Answers.stream("second")));
        HttpResponse<String> answer = providers.gateway().chat(Answers.ask("pair", true));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("bad temperature", "invalid_value");
        assertThat(providers.second().requests()).isEmpty();
    }

    @Test
    void whenAllFailTheLastFailureIsTold() {
        providers.play(
                Script.json(500, Answers.error("first is ill", "server_error", null)),
                Script.json(503, Answers.error("second is ill", "server_error", null)));
        HttpResponse<String> answer = providers.gateway().chat(Answers.ask("pair", true));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).contains("second is ill").doesNotContain("first is ill");
    }

    @Test
    void theRoleIsHeldBackUntilSomethingIsSaid() {
        CountDownLatch speak = new CountDownLatch(1);
        providers.play(
                Script.stream()
                        .event(Answers.role())
                        .event(Answers.chunk("{\"content\":\"\"}", null))
                        .event(Answers.chunk("{\"reasoning_content\":null}", null))
                        .await(speak)
                        .event(Answers.text("now"))
                        .event(Answers.finish())
                        .event("[DONE]")
                        .endChunks(),
                Script.events(Answers.stream("second")));
        try (RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true))) {
            assertThat(client.hearsNothingFor(Duration.ofMillis(100))).isTrue();
            speak.countDown();
            assertThat(client.head()).startsWith("http/1.1 200");
            assertThat(client.chunks()).contains("\"role\"", "now").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void thereIsALimitToWhatIsHeldBack() {
        Script chatty = Script.stream();
        for (int i = 0; i < 8; i++) {
            chatty.event(Answers.chunk("{\"content\":\"\",\"padding\":\"" + "x".repeat(10_000) + "\"}", null));
        }
        providers.play(chatty.hang(), Script.events(Answers.stream("second")));
        try (RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true))) {
            assertThat(client.head()).startsWith("http/1.1 200");
            assertThat(client.chunk()).contains("padding");
        }
    }
}
