package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.RoutesFolder;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.Stats;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The breaker of a provider's route, with its shipped thresholds; each test has a provider of its own. */
class CircuitBreakerTest {
    private static final int UNTIL_IT_OPENS = 20;
    private static final String ILL = Answers.error("ill", "server_error", null);

    private static ScriptedUpstream upstream;
    private static ScriptedUpstream healthy;
    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path routes) {
        upstream = new ScriptedUpstream();
        healthy = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                RoutesFolder.edited(routes, "waitDurationInOpenState: 15", "waitDurationInOpenState: 1"),
                "mehari.providers.groq.base-url=" + healthy.url(),
                "mehari.providers.mistral.base-url=" + upstream.url(),
                "mehari.providers.deepseek.base-url=" + upstream.url(),
                "mehari.providers.sambanova.base-url=" + upstream.url(),
                "mehari.providers.openrouter.base-url=" + upstream.url(),
                "mehari.providers.ollama.base-url=" + upstream.url(),
                "mehari.routing.cooldown.longest=0s",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[1].provider=groq",
                "mehari.models[0].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        healthy.close();
    }

    private static HttpResponse<String> ask(String provider, boolean stream) {
        return gateway.chat(Answers.ask("m", stream), "x-provider", provider);
    }

    private static boolean reachesUpstream(String provider) {
        upstream.reset();
        ask(provider, false);
        return !upstream.requests().isEmpty();
    }

    @Test
    void itOpensFailoverServesAndItClosesAgain() {
        upstream.answer(Script.json(500, ILL)).reset();
        for (int i = 0; i < UNTIL_IT_OPENS; i++) {
            assertThat(ask("openai", i % 2 == 0).statusCode()).isEqualTo(502);
        }
        assertThat(upstream.requests()).hasSize(UNTIL_IT_OPENS);

        HttpResponse<String> refused = ask("openai", false);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("provider \\\"openai\\\" is left out for a while", "upstream_unavailable");
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(upstream.requests()).hasSize(UNTIL_IT_OPENS);
        assertThat(Stats.of(gateway, "pair", "openai").path("state").asText()).isEqualTo("circuit_open");

        healthy.answer(Script.json(200, Answers.json("second")));
        HttpResponse<String> other = gateway.chat(Answers.ask("pair", false));
        assertThat(other.body()).contains("second");
        assertThat(other.headers().firstValue("x-mehari-attempts"))
                .as("the plan passes over it")
                .hasValue("1");
        healthy.answer(Script.events(Answers.stream("second")));
        assertThat(gateway.chat(Answers.ask("pair", true)).body())
                .contains("second")
                .endsWith("[DONE]\n\n");
        assertThat(upstream.requests()).hasSize(UNTIL_IT_OPENS);

        upstream.answer(Script.json(200, Answers.json("well again")));
        Eventually.holds(
                Duration.ofSeconds(5),
                "the breaker lets a call through",
                () -> ask("openai", false).statusCode() == 200);
        for (int i = 0; i < 5; i++) {
            assertThat(ask("openai", false).body()).contains("well again");
        }
        upstream.answer(Script.json(500, ILL));
        for (int i = 0; i < 5; i++) {
            assertThat(reachesUpstream("openai"))
                    .as("it is closed, not half open")
                    .isTrue();
        }
    }

    @Test
    void failuresBeforeTheFirstTokenOpenIt() {
        upstream.answer(Script.stream().event(Answers.role()).event(ILL).endChunks());
        for (int i = 0; i < UNTIL_IT_OPENS; i++) {
            assertThat(ask("openrouter", true).statusCode()).isEqualTo(502);
        }
        assertThat(reachesUpstream("openrouter")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 422, 429})
    void rejectionsNeverOpenIt(int status) {
        upstream.answer(Script.json(status, Answers.error("no", "invalid_request_error", null)));
        for (int i = 0; i < UNTIL_IT_OPENS + 2; i++) {
            ask("mistral", i % 2 == 0);
        }
        assertThat(reachesUpstream("mistral")).isTrue();
    }

    static Stream<Arguments> waits() {
        return Stream.of(
                Arguments.of("for a stream's head", "deepseek", upstream, true, Script.silence()),
                Arguments.of(
                        "for the first token",
                        "ollama",
                        upstream,
                        true,
                        Script.stream().event(Answers.role()).hang()),
                Arguments.of(
                        "for a whole answer",
                        "groq",
                        healthy,
                        false,
                        new Script()
                                .head(200, "application/json", 500)
                                .send("{")
                                .hang()));
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("waits")
    void clientsThatLeaveWhileTheyWaitNeverOpenIt(
            String what, String provider, ScriptedUpstream asked, boolean stream, Script waiting)
            throws InterruptedException {
        asked.answer(waiting);
        for (int i = 0; i < UNTIL_IT_OPENS + 2; i++) {
            asked.reset();
            try (RawClient client = RawClient.chat(gateway, Answers.ask("m", stream), "x-provider", provider)) {
                asked.awaitRequest();
                assertThat(client.hearsNothingFor(Duration.ofMillis(15))).isTrue();
            }
            asked.last().closed().await(Duration.ofSeconds(1));
        }
        asked.answer(Script.json(200, Answers.json("hello")));
        assertThat(ask(provider, false).statusCode()).isEqualTo(200);
    }

    @Test
    void aFewFailuresAmongSuccessesDoNotOpenIt() {
        for (int i = 0; i < 2 * UNTIL_IT_OPENS; i++) {
            upstream.answer(i % 4 == 0 ? Script.json(200, Answers.json("fine")) : Script.json(500, ILL));
            ask("sambanova", false);
        }
        assertThat(reachesUpstream("sambanova")).isTrue();
    }
}
