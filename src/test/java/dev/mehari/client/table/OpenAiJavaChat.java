package dev.mehari.client.table;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** {@code com.openai:openai-java}, chat completions. */
final class OpenAiJavaChat implements RealClient {
    private final OpenAIClient client;

    OpenAiJavaChat(String url, String key) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(url + "/v1")
                .apiKey(key)
                .timeout(Duration.ofSeconds(60))
                .maxRetries(0)
                .build();
    }

    private ChatCompletion send(ChatCompletionCreateParams.Builder ask, boolean stream) {
        if (!stream) {
            return client.chat().completions().create(ask.build()).validate();
        }
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks = open(ask)) {
            chunks.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }
        return accumulator.chatCompletion();
    }

    private StreamResponse<ChatCompletionChunk> open(ChatCompletionCreateParams.Builder ask) {
        return client.chat()
                .completions()
                .createStreaming(ask.streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build());
    }

    private static Heard heard(ChatCompletion answer) {
        CompletionUsage usage = answer.usage().orElseThrow();
        return new Heard(
                answer.choices().getFirst().message().content().orElseThrow(),
                answer.choices().getFirst().finishReason().asString(),
                usage.promptTokens(),
                usage.promptTokensDetails().orElseThrow().cachedTokens().orElseThrow(),
                usage.completionTokens());
    }

    private static ChatCompletionCreateParams.Builder talk(String model, String order) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(order);
    }

    @Override
    public Heard ask(String model, String order, boolean stream) {
        return heard(send(talk(model, order), stream));
    }

    @Override
    public Heard weather(String model, boolean stream) throws Exception {
        ChatCompletionCreateParams.Builder talk = talk(model, "weather")
                .addFunctionTool(FunctionDefinition.builder()
                        .name("weather")
                        .description("Tells the weather")
                        .parameters(JSON.readValue(WEATHER, FunctionParameters.class))
                        .build());
        ChatCompletion first = send(talk, stream);
        talk.addMessage(first.choices().getFirst().message());
        first.choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .forEach(call -> talk.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.asFunction().id())
                        .content(RealClient.weather(call.asFunction().function().arguments()))
                        .build()));
        return heard(send(talk, stream));
    }

    @Override
    public Person person(String model) {
        return client.chat()
                .completions()
                .create(talk(model, "person").responseFormat(Person.class).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
    }

    @Override
    public Heard look(String model, byte[] png) {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
        return heard(send(
                ChatCompletionCreateParams.builder()
                        .model(model)
                        .addUserMessageOfArrayOfContentParts(List.of(
                                ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                        .text("look")
                                        .build()),
                                ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                        .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                                .url(url)
                                                .build())
                                        .build()))),
                false));
    }

    @Override
    public void leave(String model, String order) {
        try (StreamResponse<ChatCompletionChunk> chunks = open(talk(model, order))) {
            chunks.stream()
                    .filter(chunk -> !chunk.choices().isEmpty())
                    .filter(chunk -> chunk.choices()
                            .getFirst()
                            .delta()
                            .content()
                            .filter("half "::equals)
                            .isPresent())
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public Class<? extends Throwable> typed(int status, boolean stream) {
        return status == 200 ? SseException.class : OpenAiErrors.of(status);
    }

    @Override
    public void close() {
        client.close();
    }
}
