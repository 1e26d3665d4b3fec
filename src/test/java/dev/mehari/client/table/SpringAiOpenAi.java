package dev.mehari.client.table;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.MessageAggregator;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.converter.BeanOutputConverter;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.openai.api.ResponseFormat;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** {@code org.springframework.ai:spring-ai-openai}; it calls the tools by itself. */
final class SpringAiOpenAi implements RealClient {
    private final OpenAiChatModel chat;

    SpringAiOpenAi(String url, String key) {
        // It logs every failure with its trace; the table asks for many.
        ((Logger) LoggerFactory.getLogger(MessageAggregator.class)).setLevel(Level.OFF);
        chat = OpenAiChatModel.builder()
                .openAiApi(OpenAiApi.builder().baseUrl(url).apiKey(key).build())
                .retryTemplate(RetryTemplate.builder().maxAttempts(1).build())
                .build();
    }

    private Heard send(UserMessage message, OpenAiChatOptions.Builder options, boolean stream) {
        Prompt prompt = new Prompt(message, options.streamUsage(stream).build());
        if (!stream) {
            return heard(chat.call(prompt));
        }
        Heard[] whole = new Heard[1];
        new MessageAggregator()
                .aggregate(chat.stream(prompt), answer -> whole[0] = heard(answer))
                .blockLast();
        if (whole[0].finish() == null || whole[0].finish().isEmpty()) {
            // The library knows no error events; an answer without a reason for its end is what it makes of them.
            throw new IllegalStateException("broken off");
        }
        return whole[0];
    }

    private static Heard heard(ChatResponse answer) {
        Usage usage = answer.getMetadata().getUsage();
        return new Heard(
                answer.getResult().getOutput().getText(),
                answer.getResult().getMetadata().getFinishReason(),
                usage.getPromptTokens(),
                -1,
                usage.getCompletionTokens());
    }

    private static OpenAiChatOptions.Builder options(String model) {
        return OpenAiChatOptions.builder().model(model);
    }

    @Override
    public Heard ask(String model, String order, boolean stream) {
        return send(new UserMessage(order), options(model), stream);
    }

    @Override
    public Heard weather(String model, boolean stream) {
        FunctionToolCallback<Map<String, Object>, String> tool = FunctionToolCallback.builder(
                        "weather",
                        (Map<String, Object> asked) ->
                                RealClient.weather(JSON.valueToTree(asked).toString()))
                .description("Tells the weather")
                .inputSchema(WEATHER)
                .inputType(Map.class)
                // As it is; by default it would be made a JSON text.
                .toolCallResultConverter((result, type) -> String.valueOf(result))
                .build();
        return send(new UserMessage("weather"), options(model).toolCallbacks(tool), stream);
    }

    @Override
    public Person person(String model) {
        BeanOutputConverter<Person> converter = new BeanOutputConverter<>(Person.class);
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormat.Type.JSON_SCHEMA)
                .jsonSchema(converter.getJsonSchema())
                .build();
        return converter.convert(send(new UserMessage("person"), options(model).responseFormat(format), false)
                .text());
    }

    @Override
    public Heard look(String model, byte[] png) {
        UserMessage message = UserMessage.builder()
                .text("look")
                .media(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(png)))
                .build();
        return send(message, options(model), false);
    }

    @Override
    public void leave(String model, String order) {
        Prompt prompt = new Prompt(new UserMessage(order), options(model).build());
        chat.stream(prompt)
                .filter(answer -> answer.getResult() != null
                        && "half ".equals(answer.getResult().getOutput().getText()))
                .blockFirst();
    }

    @Override
    public Class<? extends Throwable> typed(int status, boolean stream) {
        if (status == 200) {
            return IllegalStateException.class;
        }
        if (stream) {
            return WebClientResponseException.class;
        }
        return status < 500 ? NonTransientAiException.class : TransientAiException.class;
    }

    @Override
    public String told(Throwable failure) {
        return failure instanceof WebClientResponseException refused
                ? refused.getResponseBodyAsString()
                : String.valueOf(failure.getMessage());
    }
}
