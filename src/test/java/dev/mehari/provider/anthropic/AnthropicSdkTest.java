package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Anthropic's own client knows our fixtures for its API's: answers, streams, and the requests that we send. */
class AnthropicSdkTest {
    private static ScriptedUpstream upstream;
    private static AnthropicClient client;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        client = AnthropicOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + upstream.port())
                .apiKey("any")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        upstream.close();
    }

    private static MessageCreateParams ask() {
        return MessageCreateParams.builder()
                .model("claude-sonnet-4-5")
                .maxTokens(100)
                .addUserMessage("hi")
                .build();
    }

    static List<GoldenCase> answers() {
        return GoldenCase.all("anthropic").stream()
                .filter(golden -> golden.status() == 200 && !golden.isStream())
                .filter(golden -> !golden.toString().startsWith("error-"))
                .toList();
    }

    static List<GoldenCase> streams() {
        // Broken on purpose, or as other hosts than Anthropic have it.
        List<String> broken = List.of(
                "error", "cut", "broken", "odd-framing", "input-without-a-call", "input-at-the-start", "without-input");
        return GoldenCase.all("anthropic").stream()
                .filter(GoldenCase::isStream)
                .filter(golden -> broken.stream().noneMatch(golden.toString()::contains))
                .toList();
    }

    static List<GoldenCase> requests() {
        return GoldenCase.all("anthropic").stream()
                .filter(golden -> Files.exists(golden.upstreamRequest()))
                .toList();
    }

    /** Version 3.11.0 reads server_tool_use, and refuses every one of them in validate(): it compares two types. */
    private static boolean isTakenWholly(GoldenCase golden) {
        return !golden.toString().endsWith("server-tools");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswer(GoldenCase golden) {
        upstream.answer(Script.json(200, new String(golden.upstreamAnswer(), StandardCharsets.UTF_8)));
        Message message = client.messages().create(ask());
        assertThat(isTakenWholly(golden) ? message.validate() : message).isSameAs(message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aStream(GoldenCase golden) {
        upstream.answer(Script.stream().chunk(golden.upstreamAnswer()).endChunks());
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(ask())) {
            stream.stream().forEach(event -> accumulator.accumulate(isTakenWholly(golden) ? event.validate() : event));
        }
        assertThat(accumulator.message().stopReason()).isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void aRequest(GoldenCase golden) throws Exception {
        MessageCreateParams.Body body = ObjectMappers.jsonMapper()
                .readValue(Files.readAllBytes(golden.upstreamRequest()), MessageCreateParams.Body.class);
        assertThat(body.validate()).isSameAs(body);
    }
}
