package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Failures reach OpenAI's own client as the exceptions it has for them. */
class OpenAiSdkErrorsTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Sdk client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream, "mehari.access.api-keys=client-key");
        client = Sdk.of(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    /** The same failure comes of a plain call and of one that asks for a stream. */
    private static <T extends OpenAIServiceException> T failure(Class<T> type, String model) {
        catchThrowableOfType(type, () -> client.create(Sdk.ask(model).build()));
        return catchThrowableOfType(type, () -> {
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.stream(Sdk.ask(model).build())) {
                stream.stream().forEach(chunk -> {});
            }
        });
    }

    private static <T extends OpenAIServiceException> T upstreamFailure(Class<T> type, int status, String... headers) {
        upstream.answer(
                Script.json(status, Answers.error("says the provider", "invalid_request_error", "its_code"), headers));
        T failure = failure(type, "gpt-4o-mini");
        assertThat(failure.statusCode()).isEqualTo(status);
        assertThat(failure.getMessage()).contains("says the provider");
        assertThat(failure.headers().values("x-request-id")).hasSize(1);
        return failure;
    }

    @Test
    void aBadRequest() {
        BadRequestException failure = upstreamFailure(BadRequestException.class, 400);
        assertThat(failure.code()).hasValue("its_code");
        assertThat(failure.type()).hasValue("invalid_request_error");
    }

    @Test
    void aModelThatTheProviderDoesNotKnow() {
        assertThat(upstreamFailure(NotFoundException.class, 404).code()).hasValue("model_not_found");
    }

    @Test
    void aModelThatNobodyServes() {
        NotFoundException failure = failure(NotFoundException.class, "nobody-has-this");
        assertThat(failure.code()).hasValue("model_not_found");
        assertThat(failure.param()).hasValue("model");
    }

    @Test
    void anUnprocessableRequest() {
        upstreamFailure(UnprocessableEntityException.class, 422);
    }

    @Test
    void aRateLimitSaysWhenToComeBack() {
        RateLimitException failure = upstreamFailure(RateLimitException.class, 429, "retry-after", "7");
        assertThat(failure.headers().values("retry-after")).containsExactly("7");
        assertThat(failure.headers().values("retry-after-ms")).containsExactly("7000");
    }

    @Test
    void aKeyThatIsNotOurs() {
        try (Sdk stranger = new Sdk(gateway.url(), "someone-elses", Duration.ofSeconds(20))) {
            UnauthorizedException failure = catchThrowableOfType(
                    UnauthorizedException.class,
                    () -> stranger.create(Sdk.ask("gpt-4o-mini").build()));
            assertThat(failure.code()).hasValue("invalid_api_key");
        }
    }

    @Test
    void aKeyOfOursThatTheProviderRefusesIsNotTheClients() {
        upstream.answer(Script.json(401, Answers.error("Incorrect key upstream-key", "auth", "invalid_api_key")));
        InternalServerException failure = failure(InternalServerException.class, "gpt-4o-mini");
        assertThat(failure.statusCode()).isEqualTo(502);
        assertThat(failure.getMessage()).contains("openai").doesNotContain("upstream-key");
    }

    @Test
    void aFailureInTheMiddleOfAStream() {
        upstream.answer(
                Script.stream().event(Answers.text("half")).event(Answers.error("on fire", "server_error", null)));
        SseException failure = catchThrowableOfType(SseException.class, () -> {
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.stream(Sdk.ask("gpt-4o-mini").build())) {
                stream.stream().forEach(chunk -> assertThat(
                                chunk.choices().getFirst().delta().content())
                        .hasValue("half"));
            }
        });
        assertThat(failure.getMessage()).contains("on fire");
        // The client pools the connection: its next call must find it whole.
        upstream.answer(Script.json(200, Answers.json("hello")));
        assertThat(client.create(Sdk.ask("gpt-4o-mini").build()).choices()).hasSize(1);
    }
}
