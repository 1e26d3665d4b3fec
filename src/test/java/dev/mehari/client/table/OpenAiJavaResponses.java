package dev.mehari.client.table;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** {@code com.openai:openai-java}, Responses; the history is sent along, nothing is stored. */
final class OpenAiJavaResponses implements RealClient {
    private final OpenAIClient client;

    OpenAiJavaResponses(String url, String key) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(url + "/v1")
                .apiKey(key)
                .timeout(Duration.ofSeconds(60))
                .maxRetries(0)
                .build();
    }

    private Response send(ResponseCreateParams.Builder ask, boolean stream) {
        if (!stream) {
            return client.responses().create(ask.build()).validate();
        }
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(ask.build())) {
            events.stream().forEach(event -> {
                accumulator.accumulate(event.validate());
                if (event.isFailed()) {
                    throw new OpenAIException(
                            event.asFailed().response().error().orElseThrow().message());
                }
            });
        }
        return accumulator.response();
    }

    static String said(Response answer) {
        return answer.output().stream()
                .filter(ResponseOutputItem::isMessage)
                .flatMap(item -> item.asMessage().content().stream())
                .map(part -> part.asOutputText().text())
                .reduce("", String::concat);
    }

    private static Heard heard(Response answer) {
        ResponseUsage usage = answer.usage().orElseThrow();
        return new Heard(
                said(answer),
                answer.status().orElseThrow().asString(),
                usage.inputTokens(),
                usage.inputTokensDetails().cachedTokens(),
                usage.outputTokens());
    }

    private static ResponseInputItem user(ResponseInputContent... parts) {
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .contentOfResponseInputMessageContentList(List.of(parts))
                .build());
    }

    private static ResponseInputContent text(String text) {
        return ResponseInputContent.ofInputText(
                ResponseInputText.builder().text(text).build());
    }

    private static ResponseCreateParams.Builder talk(String model, List<ResponseInputItem> input) {
        return ResponseCreateParams.builder().model(model).store(false).inputOfResponse(input);
    }

    @Override
    public Heard ask(String model, String order, boolean stream) {
        return heard(send(talk(model, List.of(user(text(order)))), stream));
    }

    @Override
    public Heard weather(String model, boolean stream) throws Exception {
        FunctionTool tool = FunctionTool.builder()
                .name("weather")
                .description("Tells the weather")
                .strict(true)
                .parameters(JSON.readValue(WEATHER, FunctionTool.Parameters.class))
                .build();
        List<ResponseInputItem> history = new ArrayList<>(List.of(user(text("weather"))));
        Response first = send(talk(model, history).addTool(tool), stream);
        for (ResponseOutputItem item : first.output()) {
            history.add(JSON.convertValue(item, ResponseInputItem.class));
        }
        first.output().stream()
                .filter(ResponseOutputItem::isFunctionCall)
                .map(ResponseOutputItem::asFunctionCall)
                .forEach(call -> history.add(
                        ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                                .callId(call.callId())
                                .output(RealClient.weather(call.arguments()))
                                .build())));
        return heard(send(talk(model, history).addTool(tool), stream));
    }

    @Override
    public Person person(String model) {
        return client
                .responses()
                .create(ResponseCreateParams.builder()
                        .model(model)
                        .input("person")
                        .text(Person.class)
                        .build())
                .output()
                .stream()
                .filter(item -> item.isMessage())
                .findFirst()
                .orElseThrow()
                .asMessage()
                .content()
                .getFirst()
                .asOutputText();
    }

    @Override
    public Heard look(String model, byte[] png) {
        ResponseInputImage image = ResponseInputImage.builder()
                .detail(ResponseInputImage.Detail.AUTO)
                .imageUrl("data:image/png;base64," + Base64.getEncoder().encodeToString(png))
                .build();
        return heard(send(talk(model, List.of(user(text("look"), ResponseInputContent.ofInputImage(image)))), false));
    }

    @Override
    public void leave(String model, String order) {
        try (StreamResponse<ResponseStreamEvent> events = client.responses()
                .createStreaming(talk(model, List.of(user(text(order)))).build())) {
            events.stream()
                    .filter(ResponseStreamEvent::isOutputTextDelta)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public Class<? extends Throwable> typed(int status, boolean stream) {
        return status == 200 ? OpenAIException.class : OpenAiErrors.of(status);
    }

    @Override
    public void close() {
        client.close();
    }
}
