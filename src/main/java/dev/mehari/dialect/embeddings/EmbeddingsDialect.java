package dev.mehari.dialect.embeddings;

import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EmbeddingsRequest.Form;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.OpenAiErrors;
import dev.mehari.dialect.RequestBody;
import org.springframework.stereotype.Component;

/** OpenAI's Embeddings. Its answers are whole, its errors those of the chat API. */
@Component
public final class EmbeddingsDialect implements Dialect {
    @Override
    public String name() {
        return "embeddings";
    }

    @Override
    public RequestFacts read(RequestBody body, boolean forceStream) {
        return EmbeddingsFacts.read(body);
    }

    @Override
    public byte[] write(EmbeddingsResponse response, RequestFacts request) {
        return EmbeddingsResponseWriter.write(response, Form.of(request.raw()));
    }

    @Override
    public EventEncoder streamWriter(RequestFacts request) {
        throw noChat();
    }

    @Override
    public byte[] write(ChatResponse response, RequestFacts request) {
        throw noChat();
    }

    private static IllegalStateException noChat() {
        return new IllegalStateException("a call for embeddings is not answered with a chat");
    }

    @Override
    public byte[] error(GatewayException failure) {
        return OpenAiErrors.body(failure);
    }

    @Override
    public byte[] errorEvent(GatewayException failure) {
        return OpenAiErrors.record(failure);
    }
}
