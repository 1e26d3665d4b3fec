package dev.mehari.dialect.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.ParamType;
import dev.mehari.dialect.RequestBody;
import dev.mehari.dialect.TokenLimit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Messages request in a single pass: checks what can be checked without knowing the model, and notes what the
 * routes decide on. What blocks may hold is left to the provider when it speaks this API itself. One instance a request;
 * not thread-safe.
 */
final class MessagesFacts {
    private final MessagesCheck messages = new MessagesCheck();
    private @Nullable String model;
    private @Nullable String provider;
    private @Nullable Long maxTokens;
    private boolean stream;
    private boolean hasTools;
    private boolean sawMessages;

    private MessagesFacts() {}

    /** @throws InvalidRequest the body is no JSON object, or a field has the wrong type; names it */
    static RequestFacts read(RequestBody body, boolean forceStream) {
        MessagesFacts facts = new MessagesFacts();
        JsonObject raw = body.scan(facts::field);
        if (!facts.sawMessages) {
            throw BadField.missing("messages");
        }
        return new RequestFacts(
                raw,
                facts.model,
                facts.provider,
                facts.stream || forceStream,
                false,
                facts.maxTokens,
                facts.messages.chars(),
                facts.hasTools,
                false,
                () -> MessagesRequestReader.read(raw.bytes()));
    }

    private void field(String name, JsonParser value) throws IOException {
        ParamType.check(MessagesParams.TYPES, name, value);
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (name) {
            case "model" -> model = value.getText();
            case "provider" -> provider = value.currentToken() == JsonToken.VALUE_STRING ? value.getText() : null;
            case "max_tokens" -> maxTokens = TokenLimit.larger(maxTokens, value);
            case "stream" -> stream = value.getBooleanValue();
            case "system" -> messages.content(value, "system");
            case "messages" -> {
                sawMessages = true;
                messages.read(value);
            }
            case "tools" -> hasTools = value.nextToken() != JsonToken.END_ARRAY;
            default -> {}
        }
    }
}
