package dev.mehari.dialect.chat;

import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.OpenAiErrors;
import dev.mehari.dialect.RequestBody;
import org.springframework.stereotype.Component;

/** OpenAI's Chat Completions. */
@Component
public final class ChatDialect implements Dialect {
    @Override
    public String name() {
        return "chat";
    }

    @Override
    public RequestFacts read(RequestBody body, boolean forceStream) {
        return ChatFacts.read(body, forceStream);
    }

    @Override
    public EventEncoder streamWriter(RequestFacts request) {
        return new ChatStreamWriter(request.includeUsage(), request.usesFunctions());
    }

    @Override
    public byte[] write(ChatResponse response, RequestFacts request) {
        return ChatResponseWriter.write(response, request.usesFunctions());
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
