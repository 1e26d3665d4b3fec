package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client finds the Responses API here: spoken by the provider itself, or by the gateway in its place. */
class OpenAiSdkResponsesTest {
    private static final String NATIVE = "gpt-4o";
    private static final String TRANSLATED = "sambanova/m";

    private static ScriptedUpstream openai;
    private static ScriptedUpstream chat;
    private static Gateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        openai = new ScriptedUpstream();
        chat = new ScriptedUpstream();
        gateway = Gateway.before(openai, "mehari.providers.sambanova.base-url=" + chat.url());
        client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url() + "/v1")
                .apiKey("client-key")
                .timeout(Duration.ofSeconds(20))
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        openai.close();
        chat.close();
    }

    private static ResponseCreateParams.Builder ask(String model) {
        return ResponseCreateParams.builder().model(model).input("hi");
    }

    private static Response create(ResponseCreateParams.Builder ask) {
        Response answer = client.responses().create(ask.build());
        assertThat(answer.validate()).isSameAs(answer);
        return answer;
    }

    private static Response accumulate(ResponseCreateParams.Builder ask) {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(ask.build())) {
            stream.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.response().validate();
    }

    private static String said(Response answer) {
        return answer.output().stream()
                .filter(ResponseOutputItem::isMessage)
                .flatMap(item -> item.asMessage().content().stream())
                .map(part -> part.isOutputText()
                        ? part.asOutputText().text()
                        : part.asRefusal().refusal())
                .reduce("", String::concat);
    }

    private static List<ResponseFunctionToolCall> calls(Response answer) {
        return answer.output().stream()
                .filter(ResponseOutputItem::isFunctionCall)
                .map(ResponseOutputItem::asFunctionCall)
                .toList();
    }

    private static FunctionTool weather() {
        return FunctionTool.builder()
                .name("weather")
                .strict(false)
                .parameters(FunctionTool.Parameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of()))
                        .build())
                .build();
    }

    private static JsonNode sent(ScriptedUpstream upstream) {
        return ErrorCheck.tree(upstream.last().body());
    }

    @Test
    void aPlainCallToEither() {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_plain", "native")));
        Response passed = create(ask(NATIVE).instructions("Be brief."));
        assertThat(said(passed)).isEqualTo("native");
        assertThat(passed.id()).isEqualTo("resp_plain");
        assertThat(passed.usage().orElseThrow().totalTokens()).isEqualTo(16);
        assertThat(sent(openai).path("instructions").asText()).isEqualTo("Be brief.");
        chat.answer(Script.json(200, Answers.json("translated")));
        Response made = create(ask(TRANSLATED).instructions("Be brief."));
        assertThat(said(made)).isEqualTo("translated");
        assertThat(made.status()).hasValue(ResponseStatus.COMPLETED);
        assertThat(made.usage().orElseThrow().totalTokens()).isEqualTo(21);
        assertThat(sent(chat).at("/messages/0/role").asText()).isEqualTo("system");
    }

    @Test
    void aStreamOfEitherAddsUp() {
        openai.answer(ResponsesAnswers.stream("resp_stream", "Hel", "lo"));
        Response passed = accumulate(ask(NATIVE));
        assertThat(said(passed)).isEqualTo("Hello");
        assertThat(passed.usage().orElseThrow().inputTokens()).isEqualTo(11);
        chat.answer(Script.events(Answers.stream("Hel", "lo ", "駱駝 🐪")));
        Response made = accumulate(ask(TRANSLATED));
        assertThat(said(made)).isEqualTo("Hello 駱駝 🐪");
        assertThat(made.usage().orElseThrow().outputTokens()).isEqualTo(2);
    }

    private static String call(int index, String id, String city) {
        return Answers.chunk(
                "{\"tool_calls\":[{\"index\":" + index + ",\"id\":\"" + id + "\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"" + city + "\\\"}\"}}]}",
                null);
    }

    @Test
    void parallelToolsOverSeveralTurnsByThePreviousId() {
        chat.answer(Script.events(List.of(
                Answers.role(),
                call(0, "call_a", "Bern"),
                call(1, "call_b", "Rom"),
                Answers.chunk("{}", "tool_calls"),
                "[DONE]")));
        Response first = accumulate(ask(TRANSLATED).addTool(weather()));
        assertThat(calls(first)).extracting(ResponseFunctionToolCall::callId).containsExactly("call_a", "call_b");
        assertThat(calls(first))
                .extracting(ResponseFunctionToolCall::arguments)
                .containsExactly("{\"city\":\"Bern\"}", "{\"city\":\"Rom\"}");
        List<ResponseInputItem> results = new ArrayList<>();
        for (ResponseFunctionToolCall call : calls(first)) {
            results.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                    .callId(call.callId())
                    .output("cold")
                    .build()));
        }
        chat.answer(Script.json(200, Answers.json("Both are cold.")));
        Response second = create(ResponseCreateParams.builder()
                .model(TRANSLATED)
                .previousResponseId(first.id())
                .inputOfResponse(results)
                .addTool(weather()));
        assertThat(said(second)).isEqualTo("Both are cold.");
        JsonNode messages = sent(chat).path("messages");
        assertThat(messages).hasSize(4);
        assertThat(messages.at("/0/content").asText()).isEqualTo("hi");
        assertThat(messages.at("/1/tool_calls")).hasSize(2);
        assertThat(messages.at("/1/tool_calls/1/function/arguments").asText()).isEqualTo("{\"city\":\"Rom\"}");
        assertThat(messages.at("/3/tool_call_id").asText()).isEqualTo("call_b");
        chat.answer(Script.json(200, Answers.json("You are welcome.")));
        create(ResponseCreateParams.builder()
                .model(TRANSLATED)
                .previousResponseId(second.id())
                .input("thanks"));
        assertThat(sent(chat).path("messages")).hasSize(6);
        assertThat(sent(chat).at("/messages/4/content").asText()).isEqualTo("Both are cold.");
    }

    @Test
    void aConversationMovesFromOneProviderToTheOther() {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_moving", "from openai")));
        Response first = create(ask(NATIVE));
        chat.answer(Script.json(200, Answers.json("from sambanova")));
        Response second = create(ResponseCreateParams.builder()
                .model(TRANSLATED)
                .previousResponseId(first.id())
                .input("go on"));
        assertThat(sent(chat).path("messages")).hasSize(3);
        assertThat(sent(chat).at("/messages/1/content").asText()).isEqualTo("from openai");
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_back", "back")));
        create(ResponseCreateParams.builder()
                .model(NATIVE)
                .previousResponseId(second.id())
                .input("and back"));
        assertThat(sent(openai).path("input")).hasSize(5);
        assertThat(sent(openai).has("previous_response_id")).isFalse();
    }

    /** What the model is to fill in. */
    static class Weather {
        @JsonPropertyDescription("in degrees")
        public int degrees;

        public String sky;
    }

    @Test
    void structuredOutput() {
        chat.answer(Script.json(200, Answers.json("{\\\"degrees\\\":7,\\\"sky\\\":\\\"grey\\\"}")));
        Weather weather = client
                .responses()
                .create(ResponseCreateParams.builder()
                        .model(TRANSLATED)
                        .input("hi")
                        .text(Weather.class)
                        .build())
                .output()
                .stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(part -> part.outputText().stream())
                .findFirst()
                .orElseThrow();
        assertThat(weather.degrees).isEqualTo(7);
        assertThat(weather.sky).isEqualTo("grey");
        assertThat(sent(chat).at("/response_format/type").asText()).isEqualTo("json_schema");
        assertThat(sent(chat)
                        .at("/response_format/json_schema/schema/properties/degrees/description")
                        .asText())
                .isEqualTo("in degrees");
    }

    @Test
    void aResponseIsRetrievedListedAndForgotten() {
        chat.answer(Script.json(200, Answers.json("keep this")));
        Response answer = create(ask(TRANSLATED));
        assertThat(client.responses().retrieve(answer.id())).isEqualTo(answer);
        var items = client.responses().inputItems().list(answer.id());
        assertThat(items.data()).hasSize(1);
        client.responses().delete(answer.id());
        assertThatThrownBy(() -> client.responses().retrieve(answer.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> create(ask(TRANSLATED).previousResponseId(answer.id())))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("not found");
    }

    private static List<ResponseStreamEvent> retrieveStreaming(ResponseRetrieveParams params) {
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().retrieveStreaming(params)) {
            return stream.stream().map(ResponseStreamEvent::validate).toList();
        }
    }

    @Test
    void aStoredResponseIsRetrievedAsAStream() {
        chat.answer(Script.json(200, Answers.json("keep this, it is worth more than one piece")));
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_again", "and this, which came as bytes")));
        for (String model : List.of(TRANSLATED, NATIVE)) {
            Response answer = create(ask(model));
            ResponseRetrieveParams whole =
                    ResponseRetrieveParams.builder().responseId(answer.id()).build();
            List<ResponseStreamEvent> events = retrieveStreaming(whole);
            ResponseAccumulator accumulator = ResponseAccumulator.create();
            events.forEach(accumulator::accumulate);
            assertThat(accumulator.response().validate())
                    .isEqualTo(client.responses().retrieve(answer.id()));
            String heard = events.stream()
                    .flatMap(event -> event.outputTextDelta().stream())
                    .map(delta -> delta.delta())
                    .reduce("", String::concat);
            assertThat(heard).isEqualTo(said(answer));

            List<ResponseStreamEvent> rest =
                    retrieveStreaming(whole.toBuilder().startingAfter(3).build());
            assertThat(rest).isEqualTo(events.subList(4, events.size()));
        }
    }

    @Test
    void whatRunsNotInTheBackgroundCannotBeCancelled() {
        chat.answer(Script.json(200, Answers.json("done")));
        Response answer = create(ask(TRANSLATED));
        assertThatThrownBy(() -> client.responses().cancel(answer.id())).isInstanceOf(BadRequestException.class);
    }

    @Test
    void tokensAreCountedWhereThatIsOfferedAndGuessedElsewhere() {
        openai.answer(Script.json(200, "{\"object\":\"response.input_tokens\",\"input_tokens\":42}"));
        assertThat(client.responses()
                        .inputTokens()
                        .count(InputTokenCountParams.builder()
                                .model(NATIVE)
                                .input("hello")
                                .build())
                        .inputTokens())
                .isEqualTo(42);
        assertThat(openai.last().path()).isEqualTo("/v1/responses/input_tokens");
        assertThat(client.responses()
                        .inputTokens()
                        .count(InputTokenCountParams.builder()
                                .model(TRANSLATED)
                                .input("hello there, how are you")
                                .build())
                        .inputTokens())
                .isEqualTo(6);
        var guessed = gateway.post("/responses/input_tokens", "{\"model\":\"" + TRANSLATED + "\",\"input\":\"hello\"}");
        assertThat(guessed.headers().firstValue("x-mehari-estimated")).hasValue("true");
    }

    @Test
    void aBaseUrlWithoutTheVersion() {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_bare", "bare")));
        OpenAIClient bare = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url())
                .apiKey("client-key")
                .maxRetries(0)
                .build();
        try {
            assertThat(said(bare.responses().create(ask(NATIVE).build()))).isEqualTo("bare");
            assertThat(bare.responses().retrieve("resp_bare").id()).isEqualTo("resp_bare");
        } finally {
            bare.close();
        }
    }
}
