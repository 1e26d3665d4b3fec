package dev.mehari.client.table;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** {@code com.anthropic:anthropic-java}, Messages. */
final class AnthropicJava implements RealClient {
    private final AnthropicClient client;

    AnthropicJava(String url, String key) {
        client = AnthropicOkHttpClient.builder()
                .baseUrl(url)
                .apiKey(key)
                .timeout(Duration.ofSeconds(60))
                .maxRetries(0)
                .build();
    }

    private Message send(MessageCreateParams.Builder ask, boolean stream) {
        if (!stream) {
            return client.messages().create(ask.build()).validate();
        }
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(ask.build())) {
            events.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.message();
    }

    static String said(Message answer) {
        return answer.content().stream()
                .filter(ContentBlock::isText)
                .map(block -> block.asText().text())
                .reduce("", String::concat);
    }

    private static Heard heard(Message answer) {
        Usage usage = answer.usage();
        long cached = usage.cacheReadInputTokens().orElse(0L);
        return new Heard(
                said(answer),
                answer.stopReason().orElseThrow().asString(),
                usage.inputTokens() + cached,
                cached,
                usage.outputTokens());
    }

    private static MessageCreateParams.Builder talk(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(1000);
    }

    @Override
    public Heard ask(String model, String order, boolean stream) {
        return heard(send(talk(model).addUserMessage(order), stream));
    }

    @Override
    public Heard weather(String model, boolean stream) throws Exception {
        MessageCreateParams.Builder talk = talk(model)
                .addUserMessage("weather")
                .addTool(Tool.builder()
                        .name("weather")
                        .description("Tells the weather")
                        .inputSchema(JSON.readValue(WEATHER, Tool.InputSchema.class))
                        .build());
        Message first = send(talk, stream);
        List<ContentBlockParam> results = new ArrayList<>();
        first.content().stream()
                .filter(ContentBlock::isToolUse)
                .map(ContentBlock::asToolUse)
                .forEach(use -> results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                        .toolUseId(use.id())
                        .content(RealClient.weather(
                                JSON.valueToTree(use._input()).toString()))
                        .build())));
        return heard(send(talk.addMessage(first).addUserMessageOfContentBlockParams(results), stream));
    }

    @Override
    public Person person(String model) {
        return client.messages()
                .create(talk(model)
                        .addUserMessage("person")
                        .outputConfig(Person.class)
                        .build())
                .content()
                .getFirst()
                .asText()
                .text();
    }

    @Override
    public Heard look(String model, byte[] png) {
        return heard(send(
                talk(model)
                        .addUserMessageOfContentBlockParams(List.of(
                                ContentBlockParam.ofText(
                                        TextBlockParam.builder().text("look").build()),
                                ContentBlockParam.ofImage(ImageBlockParam.builder()
                                        .source(Base64ImageSource.builder()
                                                .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                                .data(Base64.getEncoder().encodeToString(png))
                                                .build())
                                        .build()))),
                false));
    }

    @Override
    public void leave(String model, String order) {
        try (StreamResponse<RawMessageStreamEvent> events = client.messages()
                .createStreaming(talk(model).addUserMessage(order).build())) {
            events.stream()
                    .filter(RawMessageStreamEvent::isContentBlockDelta)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public Class<? extends Throwable> typed(int status, boolean stream) {
        return switch (status) {
            case 200 -> SseException.class;
            case 400 -> BadRequestException.class;
            case 401 -> UnauthorizedException.class;
            case 404 -> NotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
