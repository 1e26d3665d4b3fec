package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of what each family of providers calls its answer, whole and streamed, in every API. */
@Timeout(60)
class AnswerNamesTest {
    private static final String ROUTER = "arn:aws:bedrock:us-east-1:1:prompt-router/r";
    private static final String SSE = "text/event-stream";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.demo.word-delay=0ms",
                "mehari.providers.azure.base-url=" + upstream.address(),
                "mehari.providers.azure.api-key=azure-key",
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.anthropic.api-key=anthropic-key",
                "mehari.providers.gemini.base-url=" + upstream.address() + "/v1beta",
                "mehari.providers.gemini.api-key=gemini-key",
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.api-key=bedrock-key");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static CallRecord call(String path, String json) {
        return gateway.call(gateway.post(path, json));
    }

    private static AttemptRecord chat(String model, boolean stream) {
        CallRecord call = call("/v1/chat/completions", Answers.ask(model, stream));
        assertThat(call.error()).as(call.message()).isNull();
        return call.served();
    }

    private static String messages(String model, boolean stream) {
        return Answers.ask(model, stream).replaceFirst("\\{", "{\"max_tokens\":9,");
    }

    private static void assertNames(AttemptRecord attempt, String id, String model, String requestId) {
        assertThat(attempt.answerId()).isEqualTo(id);
        assertThat(attempt.answeredModel()).isEqualTo(model);
        assertThat(attempt.requestId()).isEqualTo(requestId);
    }

    private static Script openAi(boolean stream) {
        if (!stream) {
            return Script.json(200, Answers.json("hello"), "X-Request-ID", "req_openai");
        }
        Script script = Script.stream(SSE, "x-request-id", "req_openai");
        Answers.stream("hel", "lo").forEach(script::event);
        return script.endChunks();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openAisChatsAreNamedByIdAndModel(boolean stream) {
        upstream.answer(openAi(stream));
        assertNames(chat("gpt-4o", stream), "chatcmpl-up1", "gpt-4o-mini", "req_openai");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openAisChatsForClientsOfAnotherApiAreToo(boolean stream) {
        upstream.answer(openAi(stream));
        assertNames(
                call("/v1/messages", messages("gpt-4o", stream)).served(), "chatcmpl-up1", "gpt-4o-mini", "req_openai");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void responsesAreNamedByTheirResponseObject(boolean stream) {
        upstream.answer(
                stream
                        ? ResponsesAnswers.stream("resp_1", "hello")
                        : Script.json(200, ResponsesAnswers.json("resp_1", "hello")));
        CallRecord call = call("/v1/responses", "{\"model\":\"gpt-4o\",\"stream\":" + stream + ",\"input\":\"hi\"}");
        assertNames(call.served(), "resp_1", "gpt-4o-2024-08-06", null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void azuresFirstChunkWithoutChoicesNamesNothing(boolean stream) {
        Script streamed = Script.stream(SSE, "apim-request-id", "req_azure")
                .event("{\"id\":\"\",\"object\":\"\",\"created\":0,\"model\":\"\",\"choices\":[],"
                        + "\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":{}}]}");
        Answers.stream("hello").forEach(streamed::event);
        upstream.answer(
                stream
                        ? streamed.endChunks()
                        : Script.json(200, Answers.json("hello"), "apim-request-id", "req_azure"));
        assertNames(chat("azure/our-deployment", stream), "chatcmpl-up1", "gpt-4o-mini", "req_azure");
    }

    private static final String MESSAGE = "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
            + "\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[%s],\"stop_reason\":%s,\"stop_sequence\":null,"
            + "\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";

    private static Script anthropic(boolean stream) {
        if (!stream) {
            return Script.json(
                    200,
                    MESSAGE.formatted("{\"type\":\"text\",\"text\":\"hello\"}", "\"end_turn\""),
                    "request-id",
                    "req_anthropic");
        }
        return Script.stream(SSE, "request-id", "req_anthropic")
                .event(
                        "message_start",
                        "{\"type\":\"message_start\",\"message\":" + MESSAGE.formatted("", "null") + "}")
                .event(
                        "content_block_start",
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
                .event(
                        "content_block_delta",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hello\"}}")
                .event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
                .event(
                        "message_delta",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":2}}")
                .event("message_stop", "{\"type\":\"message_stop\"}")
                .endChunks();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anthropicsAnswersAreNamedByTheMessage(boolean stream) {
        upstream.answer(anthropic(stream));
        assertNames(chat("claude-sonnet-4-5", stream), "msg_1", "claude-sonnet-4-5-20250929", "req_anthropic");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anthropicsAnswersThatPassAreToo(boolean stream) {
        upstream.answer(anthropic(stream));
        assertNames(
                call("/v1/messages", messages("claude-sonnet-4-5", stream)).served(),
                "msg_1",
                "claude-sonnet-4-5-20250929",
                "req_anthropic");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void geminisAnswersAreNamedByResponseIdAndModelVersion(boolean stream) {
        upstream.answer(
                stream
                        ? GeminiAnswers.stream("hel", "lo")
                        : Script.json(200, GeminiAnswers.response("STOP", GeminiAnswers.text("hello"))));
        assertNames(chat("gemini-2.5-pro", stream), "resp_1", "gemini-upstream", null);
    }

    private static Script bedrock(boolean stream, String trace) {
        if (!stream) {
            return Script.json(
                    200,
                    "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"hello\"}]}},"
                            + "\"stopReason\":\"end_turn\"" + trace + "}",
                    "x-amzn-RequestId",
                    "aws-1");
        }
        return Script.stream("application/vnd.amazon.eventstream", "x-amzn-RequestId", "aws-1")
                .chunk(EventFrames.of(List.of(
                        "event messageStart {\"role\":\"assistant\"}",
                        "event contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"hello\"}}",
                        "event messageStop {\"stopReason\":\"end_turn\"}",
                        "event metadata {\"metrics\":{\"latencyMs\":1}" + trace + "}")))
                .endChunks();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bedrocksAnswersHaveTheIdOfTheRequest(boolean stream) {
        upstream.answer(bedrock(stream, ""));
        assertNames(chat("bedrock/amazon.nova-lite-v1:0", stream), "aws-1", null, "aws-1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPromptRouterTellsWhomItHasAsked(boolean stream) {
        upstream.answer(bedrock(stream, ",\"trace\":{\"promptRouter\":{\"invokedModelId\":\"nova-lite\"}}"));
        assertNames(chat("bedrock/" + ROUTER, stream), "aws-1", "nova-lite", "aws-1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDemoProviderNamesItsAnswersAsTheClientSeesThem(boolean stream) {
        AttemptRecord attempt = chat("demo", stream);
        assertNames(attempt, attempt.id(), "demo", null);
    }

    @Test
    void embeddingsNameTheirModel() {
        upstream.answer(Script.json(
                200,
                "{\"object\":\"list\",\"model\":\"text-embedding-3-small-v2\",\"data\":[{\"object\":\"embedding\","
                        + "\"index\":0,\"embedding\":[0.5,0.25]}],\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}",
                "x-request-id",
                "req_vectors"));
        CallRecord call = call("/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hi\"}");
        assertNames(call.served(), "req_vectors", "text-embedding-3-small-v2", "req_vectors");
    }

    @Test
    void anErrorIsNoAnswerButHasARequestId() {
        upstream.answer(
                Script.json(400, Answers.error("no", "invalid_request_error", null), "x-request-id", "req_refused"));
        assertNames(call("/v1/chat/completions", Answers.ask("gpt-4o", false)).served(), null, null, "req_refused");
    }

    @Test
    void aStreamThatFailsBeforeItsFirstTokenHasARequestId() {
        upstream.answer(Script.stream(SSE, "x-request-id", "req_broken")
                .event(Answers.error("no room", "server_error", null))
                .endChunks());
        assertThat(call("/v1/chat/completions", Answers.ask("gpt-4o", true))
                        .served()
                        .requestId())
                .isEqualTo("req_broken");
    }

    @Test
    void namesThatAreNoneAreMadePlainAndCut() {
        upstream.answer(Script.json(
                200,
                Answers.json("hello")
                        .replace("chatcmpl-up1", "x".repeat(10_000))
                        .replace("gpt-4o-mini", "a\\u0000\\n<b>")));
        AttemptRecord attempt = chat("gpt-4o", false);
        assertThat(attempt.answerId()).hasSize(CallRecorder.LONGEST_NAME);
        assertThat(attempt.answeredModel()).isEqualTo("a??<b>");
    }
}
