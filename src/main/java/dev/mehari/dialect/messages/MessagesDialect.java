package dev.mehari.dialect.messages;

import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.FieldNames;
import dev.mehari.dialect.RequestBody;
import dev.mehari.dialect.TokenEstimate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;

/** Anthropic's Messages. */
@Component
public final class MessagesDialect implements Dialect {
    private static final String PATH = "/v1/messages";

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public RequestFacts read(RequestBody body, boolean forceStream) {
        return MessagesFacts.read(body, forceStream);
    }

    @Override
    public EventEncoder streamWriter(RequestFacts request) {
        return new MessagesStreamWriter();
    }

    @Override
    public byte[] write(ChatResponse response, RequestFacts request) {
        return MessagesResponseWriter.write(response);
    }

    @Override
    public byte[] error(GatewayException failure) {
        return MessagesErrors.body(failure, null);
    }

    @Override
    public byte[] error(GatewayException failure, String requestId) {
        return MessagesErrors.body(failure, requestId);
    }

    @Override
    public byte[] errorEvent(GatewayException failure) {
        return MessagesErrors.record(failure);
    }

    @Override
    public byte[] keepAlive() {
        return "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean ownsPath(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    @Override
    public List<String> passedHeaders() {
        return List.of("anthropic-version", "anthropic-beta");
    }

    @Override
    public List<String> askingHeaders() {
        return List.of("anthropic-beta");
    }

    @Override
    public byte[] writeCount(long tokens) {
        return ("{\"input_tokens\":" + tokens + "}").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public long guessTokens(RequestFacts request) {
        return TokenEstimate.of(request.raw(), List.of("system", "messages", "tools"));
    }

    @Override
    public FieldNames fields() {
        return MessagesFields.NAMES;
    }
}
