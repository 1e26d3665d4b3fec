package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.TwoProviders;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Once a stream has begun to speak nobody else takes over: a failure is one error record, and the end. */
class AfterCommitTest {
    private static TwoProviders providers;

    @BeforeAll
    static void start() {
        providers = TwoProviders.start("mehari.providers.openai.timeouts.idle=300ms");
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    private static Script spoken() {
        return Script.stream().event(Answers.role()).event(Answers.text("half")).pause(Duration.ofMillis(30));
    }

    static Stream<Arguments> failures() {
        String error = Answers.error("engine on fire", "server_error", null);
        return Stream.of(
                Arguments.of("an error event", spoken().event(error).endChunks(), "engine on fire"),
                Arguments.of(
                        "an error event and [DONE]",
                        spoken().event(error).event("[DONE]").endChunks(),
                        "engine on fire"),
                Arguments.of(
                        "two error events", spoken().event(error).event(error).endChunks(), "engine on fire"),
                Arguments.of(
                        "a named error",
                        spoken().chunk("event: error\ndata: " + error + "\n\n").endChunks(),
                        "engine"),
                Arguments.of("a reset", spoken().reset(), "broke off"),
                Arguments.of("a cut", spoken().close(), "broke off"),
                Arguments.of("an end without a finish", spoken().endChunks(), "before the answer was complete"),
                Arguments.of(
                        "a record that is no JSON", spoken().event("{\"choi").endChunks(), "not a JSON object"),
                Arguments.of(
                        "a finish that means an error",
                        spoken().event(Answers.chunk("{}", "error")).endChunks(),
                        "broke off"),
                Arguments.of("silence", spoken().hang(), "fell silent for 300 ms"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void theStreamEndsWithOneErrorRecord(String what, Script failing, String message) {
        providers.play(failing, Script.events(Answers.stream("second")));
        try (RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true))) {
            assertThat(client.head()).startsWith("http/1.1 200");
            String[] records = client.chunks().split("\n\n");
            assertThat(records).hasSize(3);
            assertThat(records[0]).contains("\"role\"");
            assertThat(records[1]).contains("half");
            assertThat(records[2])
                    .startsWith("data: {\"error\":{\"message\":")
                    .contains(message, "\"param\":", "\"code\":");
        }
        assertThat(providers.second().requests()).isEmpty();
    }

    @Test
    void anEndWithoutDoneIsWholeWhenAllChoicesHaveFinished() {
        providers.play(spoken().event(Answers.finish()).endChunks(), Script.events(Answers.stream("second")));
        try (RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true))) {
            client.head();
            assertThat(client.chunks()).endsWith("data: [DONE]\n\n").doesNotContain("error");
            assertThat(client.hearsNothingFor(Duration.ofMillis(50)))
                    .as("the connection is kept")
                    .isTrue();
        }
    }
}
