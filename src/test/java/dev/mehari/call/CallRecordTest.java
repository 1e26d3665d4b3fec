package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.routing.FailureClass;
import dev.mehari.testing.Answers;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.SeenCalls;
import dev.mehari.testing.TwoProviders;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ErrorType;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is known of a call when it is over, whatever became of it. */
class CallRecordTest {
    /** What upstream takes its time for; we and a slow machine may add to it, never take away. */
    /** A busy machine notes that a request is sent when the provider has waited for a while already: halves will do. */
    private static final Duration PAUSE = Duration.ofMillis(120);

    private static final Script UNUSED = Script.json(200, Answers.json("second"));

    private static TwoProviders providers;

    @BeforeAll
    static void start() {
        providers = TwoProviders.start(
                "mehari.access.api-keys=sk-one",
                "mehari.limits.body-size=10KB",
                "mehari.models[1].name=hedged",
                "mehari.models[1].hedge=100ms",
                "mehari.models[1].deployments[0].provider=openai",
                "mehari.models[1].deployments[1].provider=groq",
                "mehari.models[1].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    private static HttpResponse<String> ask(String model, boolean stream) {
        return providers.gateway().chat(Answers.ask(model, stream), "authorization", "Bearer sk-one");
    }

    private static CallRecord recordOf(String model, boolean stream) {
        return providers.gateway().call(ask(model, stream));
    }

    @Test
    void aWholeAnswer() {
        Instant before = Instant.now();
        providers.play(new Script().pause(PAUSE).then(Script.json(200, Answers.json("hello"))), UNUSED);
        HttpResponse<String> answer = providers
                .gateway()
                .chat(
                        "{\"model\":\"pair\",\"user\":\"u-7\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        "authorization",
                        "Bearer sk-one",
                        "x-session-id",
                        "talk-1");
        CallRecord call = providers.gateway().call(answer);
        assertThat(call.received()).isBetween(before.minusSeconds(1), Instant.now());
        assertThat(call.dialect()).isEqualTo("chat");
        assertThat(call.operation()).isEqualTo("chat");
        assertThat(call.model()).isEqualTo("pair");
        assertThat(call.stream()).isFalse();
        assertThat(call.key()).startsWith("key-");
        assertThat(call.user()).isEqualTo("u-7");
        assertThat(call.session()).isEqualTo("talk-1");
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.error()).isNull();
        assertThat(call.finish()).isEqualTo(FinishReason.STOP);
        assertThat(call.usage()).isEqualTo(Usage.of(9L, 12L));
        assertThat(call.clientGone()).isFalse();
        assertThat(call.content()).isNull();
        AttemptRecord attempt = call.served();
        assertThat(attempt.provider()).isEqualTo("openai");
        assertThat(attempt.protocol()).isEqualTo("openai");
        assertThat(attempt.deployment()).isEqualTo("openai/pair");
        assertThat(attempt.times().toHeaders().getAsLong()).isGreaterThanOrEqualTo(PAUSE.toNanos() / 2);
        assertThat(attempt.times().toLastToken().getAsLong())
                .isGreaterThanOrEqualTo(attempt.times().toHeaders().getAsLong());
        assertThat(call.times().total()).isGreaterThanOrEqualTo(call.upstreamNanos());
        assertThat(call.upstreamNanos()).isGreaterThanOrEqualTo(PAUSE.toNanos());
        assertThat(call.overheadNanos().getAsLong()).isBetween(0L, call.times().total() - PAUSE.toNanos());
        assertThat(call.toFirstTokenNanos()).isEmpty();
    }

    @Test
    void searchesThatAProviderRanForAResponseAreCounted() {
        String response = ResponsesAnswers.searched("resp_searched", 2, "found");
        Script stream = ResponsesAnswers.stream("resp_searched", response, new String[] {"found"});
        for (boolean streams : List.of(true, false)) {
            providers.play(streams ? stream : Script.json(200, response), UNUSED);
            HttpResponse<String> answer = providers
                    .gateway()
                    .post(
                            "/v1/responses",
                            "{\"model\":\"pair\",\"input\":\"hi\",\"store\":false,\"stream\":" + streams + "}",
                            "authorization",
                            "Bearer sk-one");
            Usage usage = providers.gateway().call(answer).usage();
            assertThat(usage.count(UsageDetail.WEB_SEARCHES)).isEqualTo(2);
            assertThat(usage.count(UsageDetail.CACHED)).isEqualTo(4);
        }
    }

    @Test
    void theSecondCallFindsTheConnectionThatTheFirstHasMade() {
        providers.play(Script.json(200, Answers.json("hello")), UNUSED);
        // Loops have connections of their own; one of them is met again soon.
        boolean reused = false;
        for (int i = 0; i < 20 && !reused; i++) {
            CallRecord call = recordOf("pair", false);
            reused = Boolean.FALSE.equals(call.served().times().newConnection());
        }
        assertThat(reused).isTrue();
        assertThat(providers.gateway().bean(SeenCalls.class).all())
                .anyMatch(call -> call.served() != null
                        && Boolean.TRUE.equals(call.served().times().newConnection()));
    }

    @Test
    void aStream() {
        Script script = Script.stream()
                .pause(PAUSE)
                .event(Answers.role())
                .event(Answers.text("one"))
                .pause(PAUSE)
                .event(Answers.text("two"))
                .event(Answers.finish())
                .event(Answers.usage())
                .event("[DONE]")
                .endChunks();
        providers.play(script, UNUSED);
        CallRecord call = recordOf("pair", true);
        AttemptRecord attempt = call.served();
        assertThat(call.stream()).isTrue();
        assertThat(call.usage()).isEqualTo(Usage.of(3L, 2L));
        assertThat(call.finish()).isEqualTo(FinishReason.STOP);
        assertThat(call.toFirstTokenNanos().getAsLong()).isGreaterThanOrEqualTo(PAUSE.toNanos());
        assertThat(attempt.times().toFirstToken().getAsLong()).isGreaterThanOrEqualTo(PAUSE.toNanos() / 2);
        assertThat(attempt.times().lastToken() - attempt.times().firstToken())
                .isGreaterThanOrEqualTo(PAUSE.toNanos() * 9 / 10);
        assertThat(call.times().total()).isGreaterThanOrEqualTo(2 * PAUSE.toNanos());
        // One token more than the first, in a pause or more.
        assertThat(call.tokensPerSecond().getAsDouble()).isBetween(0.001, 1e9 / (PAUSE.toNanos() * 0.9));
    }

    @Test
    void anAttemptThatFailedAndTheOneAfterIt() {
        providers.play(
                Script.json(503, Answers.error("overloaded", "server_error", null)),
                Script.json(200, Answers.json("second")));
        CallRecord call = recordOf("pair", false);
        assertThat(call.attempts()).hasSize(2);
        AttemptRecord first = call.attempts().getFirst();
        assertThat(first.error()).isEqualTo(ErrorType.PROVIDER_UNAVAILABLE);
        assertThat(first.failure()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(first.message()).contains("overloaded");
        assertThat(first.times().ended()).isPositive();
        assertThat(call.served().provider()).isEqualTo("groq");
        assertThat(call.error()).isNull();
    }

    @Test
    void aCallThatNobodyCouldServe() {
        providers.play(
                Script.json(429, Answers.error("slow down", "requests", "rate_limit_exceeded")),
                Script.json(429, Answers.error("slow down", "requests", "rate_limit_exceeded")));
        CallRecord call = recordOf("pair", true);
        assertThat(call.status()).isEqualTo(429);
        assertThat(call.error()).isEqualTo(ErrorType.PROVIDER_RATE_LIMITED);
        assertThat(call.message()).contains("slow down");
        assertThat(call.attempts()).hasSize(2);
    }

    @Test
    void aStreamThatBreaksOff() {
        providers.play(Script.stream().event(Answers.text("half")).close(), UNUSED);
        CallRecord call = recordOf("pair", true);
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.error()).isEqualTo(ErrorType.PROVIDER_UNAVAILABLE);
        assertThat(call.served().error()).isEqualTo(ErrorType.PROVIDER_UNAVAILABLE);
        assertThat(call.served().times().firstToken()).isPositive();
        assertThat(call.served().times().toLastToken()).isEmpty();
    }

    @Test
    void aClientThatLeavesInTheMiddle() {
        providers.play(Script.stream().event(Answers.text("half")).hang(), UNUSED);
        try (RawClient client = RawClient.chat(
                providers.gateway(),
                Answers.ask("pair", true),
                "authorization",
                "Bearer sk-one",
                "x-request-id",
                "leaves-in-the-middle")) {
            client.head();
            client.chunksUpTo("half");
        }
        CallRecord call = providers.gateway().bean(SeenCalls.class).await("leaves-in-the-middle");
        assertThat(call.clientGone()).isTrue();
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.error()).isEqualTo(ErrorType.CALLER_GONE);
        assertThat(call.served().failure()).isEqualTo(FailureClass.CLIENT_GONE);
    }

    @Test
    void aClientThatLeavesBeforeAnything() throws InterruptedException {
        providers.play(Script.silence(), UNUSED);
        try (RawClient client = RawClient.chat(
                providers.gateway(),
                Answers.ask("pair", false),
                "authorization",
                "Bearer sk-one",
                "x-request-id",
                "leaves-early")) {
            providers.first().awaitRequest();
        }
        CallRecord call = providers.gateway().bean(SeenCalls.class).await("leaves-early");
        assertThat(call.clientGone()).isTrue();
        assertThat(call.status()).isEqualTo(499);
        assertThat(call.error()).isEqualTo(ErrorType.CALLER_GONE);
        assertThat(call.times().toFirstByte()).isEmpty();
        assertThat(call.overheadNanos()).isEmpty();
    }

    @Test
    void anAttemptThatWasOvertaken() {
        providers.play(Script.silence(), Script.events(Answers.stream("second")));
        CallRecord call = recordOf("hedged", true);
        assertThat(call.attempts()).hasSize(2);
        assertThat(call.attempts().getFirst().overtaken()).isTrue();
        assertThat(call.attempts().getFirst().error()).isNull();
        assertThat(call.served().provider()).isEqualTo("groq");
        assertThat(call.error()).isNull();
        // Both were waited for at once: no more than the time that has passed.
        assertThat(call.upstreamNanos()).isLessThanOrEqualTo(call.times().total());
    }

    @Test
    void anAttemptThatCameTooLateBesideAnother() throws InterruptedException {
        Script slow = Script.stream()
                .pause(Duration.ofMillis(800))
                .event(Answers.text("first"))
                .event(Answers.finish())
                .event("[DONE]")
                .endChunks();
        providers.play(slow, Script.silence());
        CallRecord call = recordOf("hedged", true);
        providers.second().awaitRequest();
        assertThat(call.attempts()).hasSize(2);
        assertThat(call.served().provider()).isEqualTo("openai");
        assertThat(call.attempts().getLast().provider()).isEqualTo("groq");
        assertThat(call.attempts().getLast().overtaken()).isTrue();
    }

    @Test
    void callsThatAreRefusedBeforeTheyAreRead() {
        CallRecord stranger = providers.gateway().call(providers.gateway().chat(Answers.ask("pair", false)));
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.error()).isEqualTo(ErrorType.CALLER_UNAUTHENTICATED);
        assertThat(stranger.model()).isNull();
        assertThat(stranger.dialect()).isEqualTo("chat");
        assertThat(stranger.attempts()).isEmpty();

        HttpResponse<String> large = providers
                .gateway()
                .post("/v1/messages", "{\"x\":\"" + "x".repeat(20_000) + "\"}", "authorization", "Bearer sk-one");
        CallRecord tooLarge = providers.gateway().call(large);
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.error()).isEqualTo(ErrorType.CALLER_HTTP_FAULT);
        assertThat(tooLarge.dialect()).isEqualTo("messages");

        CallRecord unknown = recordOf("nobody-has-this", false);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error()).isEqualTo(ErrorType.CALLER_MODEL_NOT_FOUND);
        assertThat(unknown.model()).isEqualTo("nobody-has-this");
    }

    @Test
    void namesOfClientsFitOneLine() {
        HttpResponse<String> answer = providers
                .gateway()
                .chat(Answers.ask("x\\n\\u0000\\u202e" + "y".repeat(5000), false), "authorization", "Bearer sk-one");
        assertThat(providers.gateway().call(answer).model())
                .startsWith("x???y")
                .endsWith("…")
                .hasSize(200);
    }

    @Test
    void embeddings() {
        providers.play(
                Script.json(
                        200,
                        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
                                + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}"),
                UNUSED);
        HttpResponse<String> answer = providers
                .gateway()
                .post("/v1/embeddings", "{\"model\":\"pair\",\"input\":\"hi\"}", "authorization", "Bearer sk-one");
        CallRecord call = providers.gateway().call(answer);
        assertThat(call.operation()).isEqualTo("embeddings");
        assertThat(call.usage().promptTokens()).isEqualTo(2);
        assertThat(call.served().times().toLastToken()).isPresent();
    }
}
