package dev.mehari.client.table;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** {@code dev.langchain4j:langchain4j-open-ai}. */
final class LangChain4jOpenAi implements RealClient {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final OpenAiChatModel whole;
    private final OpenAiStreamingChatModel streaming;

    LangChain4jOpenAi(String url, String key) {
        whole = OpenAiChatModel.builder()
                .baseUrl(url + "/v1")
                .apiKey(key)
                .modelName("named-by-each-call")
                .timeout(PATIENCE)
                .maxRetries(0)
                .strictJsonSchema(true)
                .build();
        streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(url + "/v1")
                .apiKey(key)
                .modelName("named-by-each-call")
                .timeout(PATIENCE)
                .build();
    }

    private ChatResponse send(ChatRequest request, boolean stream) throws Exception {
        return stream ? streamed(request, false) : whole.chat(request);
    }

    private ChatResponse streamed(ChatRequest request, boolean leaving) throws Exception {
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        streaming.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                if (leaving) {
                    context.streamingHandle().cancel();
                    end.complete(null);
                }
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                if (response.finishReason() == null) {
                    // The library knows no error events; an answer without a reason for its end is what it makes of
                    // them.
                    end.completeExceptionally(new LangChain4jException("broken off"));
                }
                end.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                end.completeExceptionally(failure);
            }
        });
        try {
            return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        }
    }

    private static Heard heard(ChatResponse answer) {
        OpenAiTokenUsage usage = (OpenAiTokenUsage) answer.tokenUsage();
        return new Heard(
                answer.aiMessage().text(),
                answer.finishReason().name(),
                usage.inputTokenCount(),
                usage.inputTokensDetails().cachedTokens(),
                usage.outputTokenCount());
    }

    private static ChatRequest.Builder talk(String model, ChatMessage... messages) {
        return ChatRequest.builder().modelName(model).messages(messages);
    }

    @Override
    public Heard ask(String model, String order, boolean stream) throws Exception {
        return heard(send(talk(model, UserMessage.from(order)).build(), stream));
    }

    @Override
    public Heard weather(String model, boolean stream) throws Exception {
        ToolSpecification tool = ToolSpecification.builder()
                .name("weather")
                .description("Tells the weather")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("city")
                        .addIntegerProperty("days")
                        .required("city", "days")
                        .build())
                .build();
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("weather")));
        AiMessage first = send(
                        talk(model).messages(messages).toolSpecifications(tool).build(), stream)
                .aiMessage();
        messages.add(first);
        first.toolExecutionRequests()
                .forEach(call ->
                        messages.add(ToolExecutionResultMessage.from(call, RealClient.weather(call.arguments()))));
        return heard(
                send(talk(model).messages(messages).toolSpecifications(tool).build(), stream));
    }

    @Override
    public Person person(String model) throws Exception {
        JsonObjectSchema person = JsonObjectSchema.builder()
                .addStringProperty("name")
                .addIntegerProperty("age")
                .addProperty(
                        "tags",
                        JsonArraySchema.builder().items(new JsonStringSchema()).build())
                .required("name", "age", "tags")
                .additionalProperties(false)
                .build();
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(
                        JsonSchema.builder().name("person").rootElement(person).build())
                .build();
        return RealClient.parsed(send(
                        talk(model, UserMessage.from("person"))
                                .responseFormat(format)
                                .build(),
                        false)
                .aiMessage()
                .text());
    }

    @Override
    public Heard look(String model, byte[] png) throws Exception {
        ImageContent image = ImageContent.from(Base64.getEncoder().encodeToString(png), "image/png");
        return heard(send(
                talk(model, UserMessage.from(TextContent.from("look"), image)).build(), false));
    }

    @Override
    public void leave(String model, String order) throws Exception {
        streamed(talk(model, UserMessage.from(order)).build(), true);
    }

    @Override
    public Class<? extends Throwable> typed(int status, boolean stream) {
        return switch (status) {
            case 200 -> LangChain4jException.class;
            case 400 -> InvalidRequestException.class;
            case 401 -> AuthenticationException.class;
            case 404 -> ModelNotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }
}
