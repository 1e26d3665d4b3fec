package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.access.CallGate;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group is besides failover: retries, limits, names, abilities. Each test has a group of its own. */
class ModelGroupTest {
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final String ILL = Answers.error("ill", "server_error", null);

    private static ScriptedUpstream first;
    private static ScriptedUpstream second;
    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) {
        first = new ScriptedUpstream();
        second = new ScriptedUpstream();
        gateway = Gateway.start(
                RoutesFolder.withPatientBreakers(folder),
                "mehari.providers.openai.base-url=" + first.url(),
                "mehari.providers.groq.base-url=" + second.url(),
                "mehari.routing.back-off.first=20ms",
                "mehari.models[0].name=retrying",
                "mehari.models[0].retries=2",
                "mehari.models[0].max-attempts=4",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[1].provider=groq",
                "mehari.models[0].deployments[1].priority=2",
                "mehari.models[1].name=retrying-alone",
                "mehari.models[1].retries=1",
                "mehari.models[1].deployments[0].provider=openai",
                "mehari.models[2].name=twice",
                "mehari.models[2].max-attempts=1",
                "mehari.models[2].deployments[0].provider=openai",
                "mehari.models[2].deployments[1].provider=groq",
                "mehari.models[2].deployments[1].priority=2",
                "mehari.models[3].name=hurried",
                "mehari.models[3].deadline=300ms",
                "mehari.models[3].deployments[0].provider=openai",
                "mehari.models[3].deployments[1].provider=groq",
                "mehari.models[3].deployments[1].priority=2",
                "mehari.models[4].name=few",
                "mehari.models[4].deployments[0].provider=openai",
                "mehari.models[4].deployments[0].rpm=2",
                "mehari.models[4].deployments[1].provider=groq",
                "mehari.models[4].deployments[1].rpm=1",
                "mehari.models[4].deployments[1].priority=2",
                "mehari.models[5].name=frugal",
                "mehari.models[5].deployments[0].provider=openai",
                "mehari.models[5].deployments[0].tpm=100",
                "mehari.models[6].name=one-at-a-time",
                "mehari.models[6].deployments[0].provider=openai",
                "mehari.models[6].deployments[0].max-concurrent=1",
                "mehari.models[6].deployments[1].provider=groq",
                "mehari.models[6].deployments[1].priority=2",
                "mehari.models[7].name=spent",
                "mehari.models[7].deployments[0].provider=openai",
                "mehari.models[7].deployments[1].provider=groq",
                "mehari.models[7].deployments[1].priority=2",
                "mehari.models[8].name=nickname",
                "mehari.models[8].alias=other-nickname",
                "mehari.models[9].name=other-nickname",
                "mehari.models[9].alias=frugal-too",
                "mehari.models[10].name=frugal-too",
                "mehari.models[10].deployments[0].provider=openai",
                "mehari.models[10].deployments[0].model=gpt-4o-mini",
                "mehari.models[10].deployments[0].name=named",
                "mehari.models[11].name=limited-in-what-it-takes",
                "mehari.models[11].deployments[0].provider=openai",
                "mehari.models[11].deployments[0].context-length=100",
                "mehari.models[11].deployments[0].vision=false",
                "mehari.models[11].deployments[0].tools=false",
                "mehari.models[12].name=picky",
                "mehari.models[12].deployments[0].provider=groq",
                "mehari.models[12].deployments[1].provider=openai",
                "mehari.models[12].deployments[1].priority=2",
                "mehari.models[13].name=alone",
                "mehari.models[13].deployments[0].provider=openai",
                "mehari.models[14].name=sticky",
                "mehari.models[14].strategy=sticky",
                "mehari.models[14].deployments[0].provider=openai",
                "mehari.models[14].deployments[1].provider=groq",
                "mehari.models[15].name=rejecting",
                "mehari.models[15].retries=2",
                "mehari.models[15].deployments[0].provider=openai",
                "mehari.models[15].deployments[1].provider=groq",
                "mehari.models[15].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        first.close();
        second.close();
    }

    @BeforeEach
    void answerWell() {
        first.answer(Script.json(200, Answers.json("first"))).reset();
        second.answer(Script.json(200, Answers.json("second"))).reset();
    }

    private static HttpResponse<String> ask(String model) {
        return gateway.chat(Answers.ask(model, false));
    }

    /** Fails so often, then answers. */
    private static void failFirst(ScriptedUpstream upstream, int times, Script failure, Script then) {
        AtomicInteger left = new AtomicInteger(times);
        upstream.answer(request -> left.getAndDecrement() > 0 ? failure : then);
    }

    @Test
    void theSameDeploymentIsAskedAgainBeforeTheNext() {
        failFirst(first, 2, Script.json(503, ILL), Script.json(200, Answers.json("third time lucky")));
        HttpResponse<String> answer = ask("retrying");
        assertThat(answer.body()).contains("third time lucky");
        assertThat(answer.headers().firstValue("x-mehari-attempts")).hasValue("3");
        assertThat(second.requests()).isEmpty();
        assertThat(Stats.of(gateway, "retrying", "openai").path("retries").asInt())
                .isEqualTo(2);

        first.answer(Script.json(503, ILL)).reset();
        assertThat(ask("retrying").body()).contains("second");
        assertThat(first.requests()).hasSize(3);
    }

    @Test
    void aRejectionIsNotAskedAgain() {
        first.answer(Script.json(401, ILL));
        assertThat(ask("rejecting").body()).contains("second");
        assertThat(first.requests()).hasSize(1);
    }

    @Test
    void aRateLimitIsWaitedForOnlyWhenNobodyElseIsThere() {
        failFirst(first, 1, Script.json(429, ILL, "retry-after-ms", "40"), Script.json(200, Answers.json("first")));
        long begin = System.nanoTime();
        assertThat(ask("retrying-alone").body()).contains("first");
        assertThat(System.nanoTime() - begin).isGreaterThan(40_000_000);
        failFirst(first, 1, Script.json(429, ILL, "retry-after", "60"), Script.json(200, Answers.json("first")));
        HttpResponse<String> refused = ask("retrying-alone");
        ErrorCheck.error(refused, 429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("60");
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("true");
    }

    @Test
    void aClientThatLeavesDuringThePauseEndsTheCall() throws InterruptedException {
        first.answer(Script.json(429, ILL, "retry-after-ms", "1500"));
        try (RawClient client = RawClient.chat(gateway, Answers.ask("retrying-alone", false))) {
            first.awaitRequest();
            assertThat(client.hearsNothingFor(Duration.ofMillis(50))).isTrue();
        }
        Eventually.holds(
                A_SECOND, "the call is over", () -> gateway.bean(CallGate.class).inside() == 0);
        Eventually.passes(Duration.ofMillis(1600));
        assertThat(first.requests()).hasSize(1);
    }

    @Test
    void noMoreRequestsAreSentThanAllowed() {
        first.answer(Script.json(500, ILL));
        ErrorCheck.error(ask("twice"), 502);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void theDeadlineCoversAllAttempts() {
        first.answer(Script.silence());
        second.answer(Script.silence());
        long begin = System.nanoTime();
        JsonNode error = ErrorCheck.error(ask("hurried"), 504);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(290), A_SECOND);
        assertThat(error.path("message").asText()).contains("did not finish within");
        assertThat(second.requests()).isEmpty();
        first.last().closed().await(A_SECOND);
    }

    @Test
    void requestsBeyondTheLimitGoToTheNextAndThenAreRefusedUnsent() {
        assertThat(ask("few").body()).contains("first");
        assertThat(ask("few").body()).contains("first");
        HttpResponse<String> next = ask("few");
        assertThat(next.body()).contains("second");
        assertThat(next.headers().firstValue("x-mehari-attempts")).hasValue("1");
        HttpResponse<String> refused = ask("few");
        JsonNode error = ErrorCheck.error(refused, 429);
        assertThat(error.path("message").asText()).contains("\"few\"", "at the limits that are configured");
        assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 61);
        assertThat(first.requests()).hasSize(2);
        assertThat(second.requests()).hasSize(1);
    }

    @Test
    void tokensAreCountedAsTheyWereReallyUsed() {
        String body = "{\"model\":\"frugal\",\"stream\":true,\"max_tokens\":80,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        first.answer(Script.events(Answers.stream("a", "b")));
        // Each asks for 80 and uses 5, so that five leave room for a sixth; by the estimate there is room for one.
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.chat(body).statusCode()).as("call " + i).isEqualTo(200);
            Eventually.holds(
                    A_SECOND,
                    "it is over",
                    () -> Stats.of(gateway, "frugal", "openai")
                                    .path("in_flight")
                                    .asInt()
                            == 0);
        }
        String large = body.replace("80", "90");
        ErrorCheck.error(gateway.chat(large), 429);
        assertThat(first.requests()).hasSize(5);
    }

    @Test
    void callsAtOnceBeyondTheLimitGoToTheNext() throws InterruptedException {
        first.answer(Script.silence());
        try (RawClient waiting = RawClient.chat(gateway, Answers.ask("one-at-a-time", false))) {
            first.awaitRequest();
            assertThat(ask("one-at-a-time").body()).contains("second");
            assertThat(first.requests()).hasSize(1);
            assertThat(waiting.hearsNothingFor(Duration.ofMillis(20))).isTrue();
        }
        first.answer(Script.json(200, Answers.json("first")));
        Eventually.holds(A_SECOND, "its place is free again", () -> ask("one-at-a-time")
                .body()
                .contains("first"));
    }

    @Test
    void whoeverSaysThatNothingIsLeftIsNotAsked() {
        first.answer(Script.json(
                200,
                Answers.json("first"),
                "x-ratelimit-remaining-requests",
                "0",
                "x-ratelimit-reset-requests",
                "1m",
                "x-ratelimit-remaining-tokens",
                "5000"));
        assertThat(ask("spent").body()).contains("first");
        assertThat(ask("spent").body()).contains("second");
        JsonNode told = Stats.of(gateway, "spent", "openai");
        assertThat(told.path("state").asText()).isEqualTo("limited");
        assertThat(told.path("upstream_remaining_requests").asInt()).isZero();
        assertThat(told.path("upstream_remaining_tokens").asInt()).isEqualTo(5000);
        assertThat(told.path("upstream_requests_reset").asText()).startsWith("20");
    }

    @Test
    void anAliasIsAnotherNameOfItsGroup() {
        HttpResponse<String> answer = ask("nickname");
        assertThat(answer.body()).contains("\"model\":\"nickname\"");
        assertThat(answer.headers().firstValue("x-mehari-model")).hasValue("gpt-4o-mini");
        assertThat(gateway.get("/v1/models").body()).contains("\"nickname\"", "\"other-nickname\"", "\"frugal-too\"");
        JsonNode named = Stats.of(gateway, "frugal-too", "openai");
        assertThat(named.path("name").asText()).isEqualTo("named");
        assertThat(named.path("successes").asInt()).isPositive();
    }

    @Test
    void whatNoDeploymentCanServeIsRefusedUnsent() {
        String model = "limited-in-what-it-takes";
        JsonNode tooLong = ErrorCheck.error(
                gateway.chat("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "word ".repeat(100) + "\"}]}"),
                400);
        assertThat(tooLong.path("code").asText()).isEqualTo("context_length_exceeded");
        JsonNode image = ErrorCheck.error(
                gateway.chat("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h/i.png\"}}]}]}"),
                400);
        assertThat(image.path("message").asText()).contains("none of its deployments takes images");
        JsonNode tools = ErrorCheck.error(
                gateway.chat("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}"),
                400);
        assertThat(tools.path("param").asText()).isEqualTo("tools");
        assertThat(first.requests()).isEmpty();
        assertThat(ask(model).statusCode()).isEqualTo(200);
    }

    @Test
    void aGroupThatTakesNoImagesServesEmbeddings() {
        first.answer(Script.json(
                200,
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
                        + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}"));
        HttpResponse<String> answer =
                gateway.post("/v1/embeddings", "{\"model\":\"limited-in-what-it-takes\",\"input\":\"hi\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(first.requests()).hasSize(1);
    }

    @Test
    void aFieldThatOneProviderDoesNotTakeGoesToOneThatDoes() {
        String logprobs =
                "{\"model\":\"picky\",\"logprobs\":true," + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        assertThat(gateway.chat(logprobs).body()).contains("first");
        assertThat(second.requests()).isEmpty();
        JsonNode untouched = Stats.of(gateway, "picky", "groq");
        assertThat(untouched.path("attempts").asInt()).isZero();
        assertThat(untouched.path("state").asText()).isEqualTo("healthy");
        // Nobody left who takes it: the last failure of one who did is told, not that another could not.
        first.answer(Script.json(500, ILL));
        ErrorCheck.error(gateway.chat(logprobs), 502);
    }

    @Test
    void aGroupOfOneIsNeverRefusedForItsHealth() {
        first.answer(Script.json(500, ILL));
        for (int i = 0; i < 6; i++) {
            ErrorCheck.error(ask("alone"), 502);
        }
        assertThat(first.requests()).hasSize(6);
        assertThat(Stats.of(gateway, "alone", "openai").path("state").asText()).isEqualTo("cooling");
        first.answer(Script.json(200, Answers.json("first")));
        assertThat(ask("alone").body()).contains("first");
        assertThat(Stats.of(gateway, "alone", "openai").path("state").asText()).isEqualTo("recovering");
    }

    @Test
    void aFinalErrorSaysWhetherAndWhenToTryAgain() {
        first.answer(Script.json(429, ILL));
        HttpResponse<String> limited = gateway.chat(Answers.ask("m1", false), "x-provider", "openai");
        assertThat(limited.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(Long.parseLong(limited.headers().firstValue("retry-after-ms").orElseThrow()))
                .isBetween(1L, 5000L);
        first.answer(Script.json(503, ILL, "retry-after", "3"));
        HttpResponse<String> ill = gateway.chat(Answers.ask("m2", false), "x-provider", "openai");
        assertThat(ill.statusCode()).isEqualTo(503);
        assertThat(ill.headers().firstValue("retry-after")).hasValue("3");
        first.answer(Script.json(429, Answers.error("no more", "insufficient_quota", "insufficient_quota")));
        HttpResponse<String> spent = gateway.chat(Answers.ask("m3", false), "x-provider", "openai");
        assertThat(spent.headers().firstValue("x-should-retry")).hasValue("false");
        first.answer(Script.json(400, Answers.error("no", "invalid_request_error", null)));
        HttpResponse<String> wrong = gateway.chat(Answers.ask("m4", false), "x-provider", "openai");
        assertThat(wrong.headers().firstValue("x-should-retry")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt_cache_key", "safety_identifier", "user"})
    void aSessionStaysWithItsDeployment(String field) {
        for (String session : List.of("one", "two", "three", "four")) {
            String body = "{\"model\":\"sticky\",\"" + field + "\":\"" + session
                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            String served =
                    gateway.chat(body).headers().firstValue("x-mehari-provider").orElseThrow();
            for (int i = 0; i < 5; i++) {
                assertThat(gateway.chat(body).headers().firstValue("x-mehari-provider"))
                        .hasValue(served);
            }
            assertThat(gateway.chat(Answers.ask("sticky", false), "x-session-id", session)
                            .headers()
                            .firstValue("x-mehari-provider"))
                    .hasValue(served);
        }
    }

    @Test
    void modelsWithoutAGroupAreCountedTooAndNothingSecretIsTold() {
        gateway.chat(Answers.ask("some/model", false), "x-provider", "openai");
        JsonNode model = Stats.of(gateway, "openai/some/model");
        assertThat(model.path("provider").asText()).isEqualTo("openai");
        assertThat(model.path("model").asText()).isEqualTo("some/model");
        assertThat(model.path("attempts").asInt()).isEqualTo(1);
        assertThat(model.path("successes").asInt()).isEqualTo(1);
        assertThat(model.path("circuit_breaker").asText()).isEqualTo("closed");
        assertThat(model.path("latency_ms").path("p50").asDouble()).isPositive();
        HttpResponse<String> stats = gateway.get("/stats");
        assertThat(stats.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(stats.body()).doesNotContain("http:", "127.0.0.1", "key");
    }
}
