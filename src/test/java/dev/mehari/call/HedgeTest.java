package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.routing.Deployment;
import dev.mehari.routing.DeploymentHealth;
import dev.mehari.routing.Deployments;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream.Request;
import dev.mehari.testing.TwoProviders;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A group with a hedge of 300 ms: the next deployment is asked beside one whose stream does not begin. */
class HedgeTest {
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Script SILENCE = Script.silence();

    private static TwoProviders providers;

    @BeforeAll
    static void start() {
        providers = TwoProviders.start(
                "mehari.models[0].hedge=300ms",
                // Those that fail here in earnest must not be left out in the next test.
                "mehari.routing.cooldown.failures=8",
                "mehari.routing.cooldown.error-rate=1",
                "mehari.models[1].name=local",
                "mehari.models[1].hedge=200ms",
                "mehari.models[1].deployments[0].provider=demo",
                "mehari.models[1].deployments[0].model=demo-slow",
                "mehari.models[1].deployments[1].provider=demo",
                "mehari.models[1].deployments[1].model=demo",
                "mehari.models[1].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    @AfterEach
    void nobodysHealthWasHurtAndNothingIsLeftReserved() {
        for (String provider : new String[] {"openai", "groq"}) {
            var state = providers.gateway().bean(Deployments.class).of(Deployment.only(provider, "pair"));
            assertThat(state.health().state()).as(provider).isEqualTo(DeploymentHealth.State.HEALTHY);
            Eventually.holds(
                    A_SECOND,
                    "nothing is in flight at " + provider,
                    () -> state.stats().inFlight() == 0);
        }
    }

    private static Script hello(String word) {
        return Script.events(Answers.stream(word));
    }

    private static Script late(int millis, Script then) {
        return new Script().pause(Duration.ofMillis(millis)).then(then);
    }

    private static HttpResponse<String> ask(boolean stream) {
        return providers.gateway().chat(Answers.ask("pair", stream));
    }

    private static void answers(HttpResponse<String> answer, String word, String provider) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(word).endsWith("data: [DONE]\n\n");
        assertThat(answer.headers().firstValue("x-mehari-provider")).hasValue(provider);
    }

    @Test
    void whoBeginsInTimeIsAlone() {
        providers.play(hello("first"), hello("second"));
        answers(ask(true), "first", "openai");
        Eventually.passes(Duration.ofMillis(400));
        assertThat(providers.second().requests()).isEmpty();
    }

    @Test
    void whoDoesNotBeginIsOvertaken() throws InterruptedException {
        providers.play(SILENCE, hello("second"));
        long started = System.nanoTime();
        HttpResponse<String> answer = ask(true);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(Duration.ofMillis(295), A_SECOND.plus(A_SECOND));
        answers(answer, "second", "groq");
        assertThat(answer.headers().firstValue("x-mehari-attempts")).hasValue("2");
        providers.first().awaitRequest().closed().await(A_SECOND);
    }

    @Test
    void aRoleIsNoBeginning() throws InterruptedException {
        providers.play(Script.stream().event(Answers.role()).hang(), hello("second"));
        answers(ask(true), "second", "groq");
        providers.first().awaitRequest().closed().await(A_SECOND);
    }

    @Test
    void whoBeginsFirstWinsAlthoughTheOtherWasAsked() throws InterruptedException {
        providers.play(late(600, hello("first")), SILENCE);
        answers(ask(true), "first", "openai");
        providers.second().awaitRequest().closed().await(A_SECOND);
    }

    @Test
    void aFailureBeforeTheTimeIsUpIsFollowedAtOnce() {
        providers.play(Script.json(200, "{\"not\":\"a stream\"}"), hello("second"));
        answers(ask(true), "second", "groq");
        Eventually.passes(Duration.ofMillis(400));
        assertThat(providers.second().requests()).hasSize(1);
    }

    @Test
    void aFailureMeanwhileLeavesTheOtherToAnswer() {
        providers.play(
                late(450, Script.json(500, Answers.error("on fire", "server_error", null))),
                late(500, hello("second")));
        answers(ask(true), "second", "groq");
        assertThat(providers.second().requests()).hasSize(1);
    }

    @Test
    void aFailureOfTheOtherChangesNothing() {
        providers.play(late(700, hello("first")), Script.json(500, Answers.error("on fire", "server_error", null)));
        answers(ask(true), "first", "openai");
        assertThat(providers.second().requests()).hasSize(1);
    }

    @Test
    void whenBothFailTheClientIsTold() {
        providers.play(
                late(450, Script.json(500, Answers.error("first fire", "server_error", null))),
                late(500, Script.json(503, Answers.error("second fire", "server_error", null))));
        HttpResponse<String> answer = ask(true);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("second fire");
        assertThat(providers.first().requests()).hasSize(1);
        assertThat(providers.second().requests()).hasSize(1);
    }

    @Test
    void wholeAnswersHaveNoFirstTokenAndAreNotHedged() {
        providers.play(late(700, Script.json(200, Answers.json("first"))), Script.json(200, Answers.json("second")));
        assertThat(ask(false).body()).contains("first");
        assertThat(providers.second().requests()).isEmpty();
    }

    @Test
    void aClientThatLeavesEndsBoth() throws InterruptedException {
        providers.play(SILENCE, SILENCE);
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true));
        Request first = providers.first().awaitRequest();
        Request second = providers.second().awaitRequest();
        client.reset();
        first.closed().await(A_SECOND);
        second.closed().await(A_SECOND);
    }

    @Test
    void aClientThatLeavesBeforeTheTimeIsUpEndsIt() throws InterruptedException {
        providers.play(SILENCE, SILENCE);
        RawClient client = RawClient.chat(providers.gateway(), Answers.ask("pair", true));
        Request first = providers.first().awaitRequest();
        client.reset();
        first.closed().await(A_SECOND);
        Eventually.passes(Duration.ofMillis(400));
        assertThat(providers.second().requests()).isEmpty();
    }

    @Test
    void losingOftenDoesNotCountAgainstAnyone() throws InterruptedException {
        providers.play(SILENCE, hello("second"));
        for (int i = 0; i < 9; i++) {
            answers(ask(true), "second", "groq");
            providers.first().awaitRequest().closed().await(A_SECOND);
        }
        assertThat(providers.first().requests()).as("asked first each time").hasSize(9);
    }

    @Test
    void itWorksWithoutANetworkToo() {
        HttpResponse<String> answer = providers.gateway().chat(Answers.ask("local", true));
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        assertThat(answer.headers().firstValue("x-mehari-model")).hasValue("demo");
    }
}
