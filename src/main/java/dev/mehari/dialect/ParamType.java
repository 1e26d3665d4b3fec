package dev.mehari.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON types that request fields have. Ranges are the provider's business: they differ by model. */
public enum ParamType {
    STRING("a string"),
    BOOLEAN("a boolean"),
    NUMBER("a number"),
    INTEGER("an integer"),
    OBJECT("an object"),
    ARRAY("an array"),
    STRING_OR_ARRAY("a string or an array of strings"),
    STRING_OR_OBJECT("a string or an object");

    private final String words;

    ParamType(String words) {
        this.words = words;
    }

    /**
     * @param known the dialect's fields
     * @param value standing on the field's value
     * @throws InvalidRequest the field is known and its value has another type
     */
    public static void check(Map<String, ParamType> known, String name, JsonParser value) throws IOException {
        ParamType type = known.get(name);
        JsonToken token = value.currentToken();
        if (type != null && token != JsonToken.VALUE_NULL && !type.matches(token, value)) {
            throw wrong(name, type.words);
        }
    }

    private boolean matches(JsonToken token, JsonParser value) throws IOException {
        return switch (this) {
            case STRING -> token == JsonToken.VALUE_STRING;
            case BOOLEAN -> token.isBoolean();
            case NUMBER -> token.isNumeric();
            case INTEGER -> token == JsonToken.VALUE_NUMBER_INT || isIntegral(token, value);
            case OBJECT -> token == JsonToken.START_OBJECT;
            case ARRAY -> token == JsonToken.START_ARRAY;
            case STRING_OR_ARRAY -> token == JsonToken.VALUE_STRING || token == JsonToken.START_ARRAY;
            case STRING_OR_OBJECT -> token == JsonToken.VALUE_STRING || token == JsonToken.START_OBJECT;
        };
    }

    /** 250.0 is seen in the wild, from clients whose numbers are all floats. */
    private static boolean isIntegral(@Nullable JsonToken token, JsonParser value) throws IOException {
        return token == JsonToken.VALUE_NUMBER_FLOAT && value.getDoubleValue() % 1 == 0;
    }

    public static InvalidRequest wrong(String path, String expected) {
        return new InvalidRequest("invalid_type", path, path + " must be " + expected);
    }
}
