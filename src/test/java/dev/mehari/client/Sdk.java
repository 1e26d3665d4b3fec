package dev.mehari.client;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import dev.mehari.testing.Gateway;
import java.time.Duration;

/** OpenAI's own Java client, pointed at the gateway; it never tries anything twice. */
final class Sdk implements AutoCloseable {
    private final OpenAIClient client;

    /** @param patience after which it gives a call up */
    Sdk(String baseUrl, String key, Duration patience) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(baseUrl)
                .apiKey(key)
                .timeout(patience)
                .maxRetries(0)
                .build();
    }

    static Sdk of(Gateway gateway) {
        return new Sdk(gateway.url() + "/v1", "client-key", Duration.ofSeconds(20));
    }

    static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("hi");
    }

    ChatCompletion create(ChatCompletionCreateParams ask) {
        return client.chat().completions().create(ask);
    }

    <T> StructuredChatCompletion<T> create(StructuredChatCompletionCreateParams<T> ask) {
        return client.chat().completions().create(ask);
    }

    StreamResponse<ChatCompletionChunk> stream(ChatCompletionCreateParams ask) {
        return client.chat().completions().createStreaming(ask);
    }

    /** A whole stream, added up as OpenAI's client does it. */
    ChatCompletion accumulate(ChatCompletionCreateParams ask) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = stream(ask)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    /** The text of the first choice. */
    static String said(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
    }

    CreateEmbeddingResponse embed(EmbeddingCreateParams ask) {
        return client.embeddings().create(ask);
    }

    Model retrieve(String model) {
        return client.models().retrieve(model);
    }

    @Override
    public void close() {
        client.close();
    }
}
