package dev.mehari.client;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.mehari.testing.Gateway;
import java.time.Duration;

/** Anthropic's own Java client, pointed at the gateway; it never tries anything twice. */
final class AnthropicSdk implements AutoCloseable {
    private final AnthropicClient client;

    private AnthropicSdk(AnthropicClient client) {
        this.client = client;
    }

    /** With the key as Bearer token, as the newest clients send it. */
    static AnthropicSdk of(Gateway gateway) {
        return new AnthropicSdk(AnthropicOkHttpClient.builder()
                .baseUrl(gateway.url())
                .authToken("client-key")
                .timeout(Duration.ofSeconds(20))
                .maxRetries(0)
                .build());
    }

    /** With the key in {@code x-api-key}. */
    static AnthropicSdk withKey(Gateway gateway, String key) {
        return new AnthropicSdk(AnthropicOkHttpClient.builder()
                .baseUrl(gateway.url())
                .apiKey(key)
                .timeout(Duration.ofSeconds(20))
                .maxRetries(0)
                .build());
    }

    static MessageCreateParams.Builder ask(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(1000).addUserMessage("hi");
    }

    AnthropicClient client() {
        return client;
    }

    Message create(MessageCreateParams ask) {
        return client.messages().create(ask);
    }

    /** A stream, put together by the client's own accumulator. */
    Message accumulated(MessageCreateParams ask) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(ask)) {
            stream.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.message();
    }

    @Override
    public void close() {
        client.close();
    }
}
