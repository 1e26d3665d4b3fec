package dev.mehari.dialect.embeddings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.ParamType;
import dev.mehari.dialect.RequestBody;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Embeddings request in a single pass: checks what can be checked without knowing the model, and notes what
 * the routes decide on. How much a model takes at once is the provider's business. One instance a request.
 */
final class EmbeddingsFacts {
    private static final Map<String, ParamType> TYPES = Map.of(
            "model", ParamType.STRING,
            "dimensions", ParamType.INTEGER,
            "encoding_format", ParamType.STRING,
            "user", ParamType.STRING);

    private final InputCheck input = new InputCheck();
    private @Nullable String model;
    private @Nullable String provider;
    private boolean sawInput;

    private EmbeddingsFacts() {}

    /** @throws InvalidRequest the body is no JSON object, or a field is missing or wrong; names it */
    static RequestFacts read(RequestBody body) {
        EmbeddingsFacts facts = new EmbeddingsFacts();
        JsonObject raw = body.scan(facts::field);
        if (!facts.sawInput) {
            throw new InvalidRequest(
                    "missing_required_parameter", "input", "input is missing: send a text or a list of texts");
        }
        return RequestFacts.ofEmbeddings(
                raw, facts.model, facts.provider, facts.input.chars(), () -> EmbeddingsRequestReader.read(raw));
    }

    private void field(String name, JsonParser value) throws IOException {
        ParamType.check(TYPES, name, value);
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (name) {
            case "model" -> model = value.getText();
            case "provider" -> provider = value.currentToken() == JsonToken.VALUE_STRING ? value.getText() : null;
            case "input" -> {
                sawInput = true;
                input.read(value);
            }
            case "dimensions" -> {
                if (value.getDoubleValue() < 1 || value.getDoubleValue() > Integer.MAX_VALUE) {
                    throw new InvalidRequest("invalid_value", name, "dimensions must be 1 or more");
                }
            }
            case "encoding_format" -> {
                if (!value.getText().equals("float") && !value.getText().equals("base64")) {
                    throw new InvalidRequest("invalid_value", name, "encoding_format must be float or base64");
                }
            }
            default -> {}
        }
    }
}
