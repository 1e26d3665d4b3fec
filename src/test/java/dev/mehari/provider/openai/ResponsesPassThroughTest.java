package dev.mehari.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of the Responses API before providers that speak it themselves: what passes, and what is changed. */
class ResponsesPassThroughTest {
    private static final String PATH = "/v1/responses";
    private static ScriptedUpstream openai;
    private static ScriptedUpstream other;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        openai = new ScriptedUpstream();
        other = new ScriptedUpstream();
        gateway = Gateway.before(
                openai,
                "mehari.providers.groq.base-url=" + other.url(),
                "mehari.providers.ollama.base-url=" + other.url(),
                "mehari.providers.azure.base-url=" + other.address(),
                "mehari.providers.azure.api-key=azure-key",
                "mehari.providers.anthropic.base-url=" + other.address(),
                "mehari.providers.sambanova.base-url=" + other.url(),
                "mehari.routing.cooldown.longest=0s",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].model=gpt-4o",
                "mehari.models[0].deployments[1].provider=groq",
                "mehari.models[0].deployments[1].model=llama",
                "mehari.models[0].deployments[1].priority=2");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        openai.close();
        other.close();
    }

    @BeforeEach
    void forget() {
        openai.reset();
        other.reset();
    }

    private static JsonNode sent(ScriptedUpstream upstream) throws Exception {
        return Json.MAPPER.readTree(upstream.last().body());
    }

    @Test
    void theBodyPassesAsBytesButForWhatIsNeverSent() {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_1", "hello")));
        HttpResponse<String> answer = gateway.post(
                PATH,
                "{\"model\":\"openai/gpt-4o\",  \"input\": [{\"role\":\"user\",\"content\":\"h\\u00fc\"}], \"temperature\":0.70,"
                        + "\"store\":false,\"api_key\":\"stolen\",\"unknown_of_2027\":{\"a\":1e2},"
                        + "\"tools\":[{\"type\":\"web_search\"}],\"include\":[\"web_search_call.results\"]}");
        assertThat(openai.last().path()).isEqualTo("/v1/responses");
        assertThat(openai.last().header("authorization")).isEqualTo("Bearer upstream-key");
        assertThat(openai.last().body())
                .isEqualTo("{\"model\":\"gpt-4o\",\"input\": [{\"role\":\"user\",\"content\":\"h\\u00fc\"}],"
                        + "\"temperature\":0.70,\"store\":false,\"unknown_of_2027\":{\"a\":1e2},"
                        + "\"tools\":[{\"type\":\"web_search\"}],\"include\":[\"web_search_call.results\"]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(ResponsesAnswers.json("resp_1", "hello").replace("gpt-4o-2024-08-06", "openai/gpt-4o"));
    }

    @Test
    void anAnswerUnderTheProvidersOwnNameIsNotTouched() {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_2", "hello")));
        HttpResponse<String> answer = gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"store\":false}");
        assertThat(answer.body()).isEqualTo(ResponsesAnswers.json("resp_2", "hello"));
        assertThat(answer.headers().firstValue("x-mehari-provider")).contains("openai");
    }

    @Test
    void aStreamPassesEventByEventUnderItsNames() {
        openai.answer(ResponsesAnswers.stream("resp_3", "Hel", "lo"));
        String answer = gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"stream\":true,\"store\":false}")
                .body();
        assertThat(answer.split("\n\n")).hasSize(10).allMatch(record -> record.startsWith("event: response."));
        assertThat(answer).contains("\"obfuscation\":\"xyz\"").doesNotContain("[DONE]");
        assertThat(openai.last().body())
                .isEqualTo("{\"model\":\"gpt-4o\",\"input\":\"hi\",\"stream\":true,\"store\":false}");
    }

    @Test
    void whatTheProviderKeepsGoesOnThereByItsId() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_first", "one")));
        gateway.post(PATH, "{\"model\":\"pair\",\"input\":\"hi\"}");
        openai.answer(ResponsesAnswers.stream("resp_second", "two"));
        gateway.post(
                PATH,
                "{\"model\":\"pair\",\"input\":\"go on\",\"previous_response_id\":\"resp_first\",\"stream\":true}");
        assertThat(sent(openai).path("previous_response_id").asText()).isEqualTo("resp_first");
        assertThat(sent(openai).path("input").asText()).isEqualTo("go on");
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_third", "three")));
        gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"and on\",\"previous_response_id\":\"resp_second\"}");
        assertThat(sent(openai).path("previous_response_id").asText()).isEqualTo("resp_second");
    }

    @Test
    void anotherProviderGetsTheConversationSentAlong() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_moves", "one")));
        gateway.post(PATH, "{\"model\":\"pair\",\"input\":\"hi\"}");
        openai.answer(Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
        other.answer(Script.json(200, ResponsesAnswers.json("resp_moved", "two")));
        HttpResponse<String> answer =
                gateway.post(PATH, "{\"model\":\"pair\",\"input\":\"go on\",\"previous_response_id\":\"resp_moves\"}");
        assertThat(answer.headers().firstValue("x-mehari-provider")).contains("groq");
        assertThat(other.last().path()).isEqualTo("/v1/responses");
        JsonNode body = sent(other);
        assertThat(body.has("previous_response_id")).isFalse();
        assertThat(body.has("store")).isFalse();
        assertThat(body.path("input")).hasSize(3);
        assertThat(body.at("/input/0/content/0/text").asText()).isEqualTo("hi");
        assertThat(body.at("/input/1/content/0/text").asText()).isEqualTo("one");
        assertThat(body.at("/input/1").has("id")).isFalse();
        assertThat(body.at("/input/2/content").asText()).isEqualTo("go on");
        JsonNode told = Json.MAPPER.readTree(answer.body());
        assertThat(told.path("previous_response_id").asText()).isEqualTo("resp_moves");
        assertThat(told.path("store").asBoolean()).isTrue();
        // And on from there: groq keeps nothing.
        gateway.post(PATH, "{\"model\":\"groq/llama\",\"input\":\"three\",\"previous_response_id\":\"resp_moved\"}");
        assertThat(sent(other).path("input")).hasSize(5);
    }

    @Test
    void aConversationThatItsProviderHasForgottenIsSentAlong() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_lost", "one")));
        gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\"}");
        openai.answer(request -> request.body().contains("previous_response_id")
                ? Script.json(
                        400,
                        "{\"error\":{\"message\":\"not found\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"previous_response_id\",\"code\":\"previous_response_not_found\"}}")
                : Script.json(200, ResponsesAnswers.json("resp_found", "two")));
        HttpResponse<String> answer =
                gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"go on\",\"previous_response_id\":\"resp_lost\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(sent(openai).path("input")).hasSize(3);
    }

    @Test
    void aHostWithoutTheEndpointIsAskedByChatAndNotTwice() {
        openai.answer(request -> request.path().endsWith("/responses")
                ? Script.json(404, "{\"detail\":\"Not Found\"}")
                : Script.json(200, Answers.json("by chat")));
        String ask = "{\"model\":\"openai/chat-only\",\"input\":\"hi\",\"store\":false}";
        HttpResponse<String> answer = gateway.post(PATH, ask);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("by chat").contains("\"object\":\"response\"");
        openai.reset();
        gateway.post(PATH, ask);
        assertThat(openai.requests())
                .extracting(ScriptedUpstream.Request::path)
                .containsExactly("/v1/chat/completions");
    }

    @Test
    void aModelThatIsNotThereIsNoReasonToAskByChat() {
        openai.answer(Script.json(404, "{\"error\":{\"message\":\"no such model\",\"code\":\"model_not_found\"}}"));
        HttpResponse<String> answer = gateway.post(PATH, "{\"model\":\"gpt-none\",\"input\":\"hi\",\"store\":false}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(openai.requests()).hasSize(1);
    }

    @Test
    void azureHasItBelowItsOwnAddresses() throws Exception {
        other.answer(Script.json(200, ResponsesAnswers.json("resp_azure", "hello")));
        gateway.post(PATH, "{\"model\":\"azure/prod-4o\",\"input\":\"hi\"}");
        assertThat(other.last().path()).isEqualTo("/openai/v1/responses");
        assertThat(other.last().header("api-key")).isEqualTo("azure-key");
        assertThat(sent(other).path("model").asText()).isEqualTo("prod-4o");
    }

    @Test
    void idsThatAreNotUniqueAreReplaced() throws Exception {
        other.answer(Script.json(200, ResponsesAnswers.json("resp_7", "hello")));
        JsonNode whole = Json.MAPPER.readTree(
                gateway.post(PATH, "{\"model\":\"ollama/m\",\"input\":\"hi\"}").body());
        assertThat(whole.path("id").asText()).matches("resp_[0-9a-f]{48}");
        other.answer(ResponsesAnswers.stream("resp_7", "hello"));
        String stream = gateway.post(PATH, "{\"model\":\"ollama/m\",\"input\":\"hi\",\"stream\":true}")
                .body();
        assertThat(stream).doesNotContain("\"id\":\"resp_7\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            groq/m       | 'background':true                             | background
            groq/m       | 'conversation':'conv_1'                       | conversation
            sambanova/m  | 'background':true                             | background
            sambanova/m  | 'prompt':{'id':'p'}                           | prompt
            sambanova/m  | 'include':['file_search_call.results']        | include
            sambanova/m  | 'tools':[{'type':'web_search'}]               | tools
            anthropic/m  | 'conversation':'conv_1'                       | conversation
            anthropic/m  | 'tools':[{'type':'file_search'}]              | tools
            demo/demo    | 'background':true                             | background
            demo/demo    | 'conversation':'conv_1'                       | conversation
            demo/demo    | 'tools':[{'type':'web_search'}]               | tools[].type
            """)
    void whatOnlyTheApiItselfCanServeIsRefusedElsewhere(String model, String field, String param) throws Exception {
        HttpResponse<String> answer = gateway.post(
                PATH, ("{'model':'" + model + "','input':'hi','store':false," + field + "}").replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = Json.MAPPER.readTree(answer.body()).path("error");
        assertThat(error.path("param").asText()).startsWith(param);
        assertThat(error.path("message").asText()).containsIgnoringCase(model.substring(0, model.indexOf('/')));
        assertThat(other.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resp_nobodys", "x"})
    void anUnknownConversationIsRefusedBeforeAnybodyIsAsked(String id) throws Exception {
        HttpResponse<String> answer =
                gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"previous_response_id\":\"" + id + "\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.MAPPER.readTree(answer.body()).at("/error/code").asText())
                .isEqualTo("previous_response_not_found");
        assertThat(openai.requests()).isEmpty();
    }

    @Test
    void aFailureBeforeTheFirstWordLetsTheNextServe() {
        openai.answer(Script.stream()
                .event(
                        "response.created",
                        "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_f\"}}")
                .event(
                        "response.failed",
                        "{\"type\":\"response.failed\",\"sequence_number\":1,\"response\":{\"id\":\"resp_f\",\"status\":\"failed\","
                                + "\"error\":{\"code\":\"server_error\",\"message\":\"broke\"}}}")
                .endChunks());
        other.answer(ResponsesAnswers.stream("resp_g", "from groq"));
        String answer = gateway.post(PATH, "{\"model\":\"pair\",\"input\":\"hi\",\"stream\":true,\"store\":false}")
                .body();
        assertThat(answer).contains("from groq").doesNotContain("resp_f").contains("\"model\":\"pair\"");
    }

    @Test
    void aWholeAnswerThatFailedIsAFailure() {
        openai.answer(Script.json(
                200,
                ResponsesAnswers.json("resp_f", "failed", "[]")
                        .replace(
                                "\"error\":null",
                                "\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}")));
        HttpResponse<String> answer = gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"store\":false}");
        assertThat(answer.statusCode()).isEqualTo(429);
    }

    @Test
    void aStreamThatBreaksOffIsEndedInItsPlace() throws Exception {
        openai.answer(ResponsesAnswers.begin("resp_cut", "Hel").endChunks());
        String answer = gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"stream\":true}")
                .body();
        String[] records = answer.split("\n\n");
        assertThat(records[records.length - 1]).startsWith("event: response.failed\n");
        JsonNode last = Json.MAPPER.readTree(records[records.length - 1].split("\ndata: ")[1]);
        assertThat(last.path("sequence_number").asInt()).isEqualTo(records.length - 1);
        assertThat(last.at("/response/id").asText()).isEqualTo("resp_cut");
        assertThat(last.at("/response/status").asText()).isEqualTo("failed");
        JsonNode stored = Json.MAPPER.readTree(gateway.get(PATH + "/resp_cut").body());
        assertThat(stored.path("status").asText()).isEqualTo("failed");
    }

    @Test
    void theProvidersOwnFailureAfterTheFirstWordPassesAndNothingFollows() {
        openai.answer(ResponsesAnswers.failed("resp_own", "theirs", "Hel"));
        String answer = gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"stream\":true,\"store\":false}")
                .body();
        assertThat(answer)
                .containsOnlyOnce("event: response.failed")
                .contains("theirs")
                .doesNotContain("event: error");
    }

    @Test
    void whatRunsInTheBackgroundIsAskedForThere() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_bg", "queued", "[]")));
        gateway.post(PATH, "{\"model\":\"openai/gpt-4o\",\"input\":\"hi\",\"background\":true}");
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_bg", "done")));
        JsonNode now = Json.MAPPER.readTree(gateway.get(PATH + "/resp_bg").body());
        assertThat(openai.last().method()).isEqualTo("GET");
        assertThat(openai.last().path()).isEqualTo("/v1/responses/resp_bg");
        assertThat(now.path("status").asText()).isEqualTo("completed");
        assertThat(now.path("model").asText()).isEqualTo("openai/gpt-4o");
        openai.reset();
        gateway.get(PATH + "/resp_bg");
        assertThat(openai.requests()).as("asked for what has ended").isEmpty();
    }

    @Test
    void whatRunsInTheBackgroundIsCancelledThere() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_stop", "in_progress", "[]")));
        gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"background\":true}");
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_stop", "cancelled", "[]")));
        HttpResponse<String> answer = gateway.post(PATH + "/resp_stop/cancel", "{}");
        assertThat(openai.last().path()).isEqualTo("/v1/responses/resp_stop/cancel");
        assertThat(Json.MAPPER.readTree(answer.body()).path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void whatIsForgottenHereIsForgottenThere() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_gone", "one")));
        gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\"}");
        openai.answer(Script.json(200, "{\"id\":\"resp_gone\",\"object\":\"response\",\"deleted\":true}"));
        HttpResponse<String> answer = gateway.send(
                java.net.http.HttpRequest.newBuilder(java.net.URI.create(gateway.url() + PATH + "/resp_gone"))
                        .DELETE()
                        .build());
        assertThat(Json.MAPPER.readTree(answer.body()).path("deleted").asBoolean())
                .isTrue();
        assertThat(openai.last().method()).isEqualTo("DELETE");
        assertThat(openai.last().path()).isEqualTo("/v1/responses/resp_gone");
        assertThat(gateway.get(PATH + "/resp_gone").statusCode()).isEqualTo(404);
    }

    @Test
    void inputItemsAreOursToTell() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_items", "one")));
        gateway.post(PATH, "{\"model\":\"gpt-4o\",\"input\":\"hi\"}");
        JsonNode items = Json.MAPPER.readTree(
                gateway.get(PATH + "/resp_items/input_items").body());
        assertThat(items.path("data")).hasSize(1);
        assertThat(items.at("/data/0/content/0/text").asText()).isEqualTo("hi");
    }

    @Test
    void reasoningThatWasPackedHereIsNotSentToOtherMakers() throws Exception {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_r", "one")));
        HttpResponse<String> answer = gateway.post(
                PATH,
                "{\"model\":\"gpt-4o\",\"store\":false,\"input\":[{\"role\":\"user\",\"content\":\"hi\"},"
                        + "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"eyJtZWhhcmkiOjEsInNpZ25hdHVyZSI6IngifQ==\"},"
                        + "{\"type\":\"reasoning\",\"id\":\"rs_2\",\"summary\":[],\"encrypted_content\":\"gAAAAAB\"}]}");
        assertThat(sent(openai).path("input")).hasSize(2);
        assertThat(sent(openai).at("/input/1/id").asText()).isEqualTo("rs_2");
        assertThat(answer.headers().allValues("x-mehari-dropped-params")).isEqualTo(List.of("input[].reasoning"));
    }
}
