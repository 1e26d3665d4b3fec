package dev.mehari.dialect.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON types of the known request fields. Ranges are the provider's business: they differ by model.
 *
 * <p>Source: OpenAI API reference, Create chat completion, read 2026-11-21.
 */
enum ParamType {
    STRING("a string"),
    BOOLEAN("a boolean"),
    NUMBER("a number"),
    INTEGER("an integer"),
    OBJECT("an object"),
    ARRAY("an array"),
    STRING_OR_ARRAY("a string or an array of strings"),
    STRING_OR_OBJECT("a string or an object");

    private static final Map<String, ParamType> KNOWN = Map.ofEntries(
            Map.entry("model", STRING),
            Map.entry("messages", ARRAY),
            Map.entry("stream", BOOLEAN),
            Map.entry("stream_options", OBJECT),
            Map.entry("max_tokens", INTEGER),
            Map.entry("max_completion_tokens", INTEGER),
            Map.entry("temperature", NUMBER),
            Map.entry("top_p", NUMBER),
            Map.entry("n", INTEGER),
            Map.entry("stop", STRING_OR_ARRAY),
            Map.entry("presence_penalty", NUMBER),
            Map.entry("frequency_penalty", NUMBER),
            Map.entry("logit_bias", OBJECT),
            Map.entry("logprobs", BOOLEAN),
            Map.entry("top_logprobs", INTEGER),
            Map.entry("seed", INTEGER),
            Map.entry("response_format", OBJECT),
            Map.entry("tools", ARRAY),
            Map.entry("tool_choice", STRING_OR_OBJECT),
            Map.entry("parallel_tool_calls", BOOLEAN),
            Map.entry("functions", ARRAY),
            Map.entry("function_call", STRING_OR_OBJECT),
            Map.entry("reasoning_effort", STRING),
            Map.entry("verbosity", STRING),
            Map.entry("modalities", ARRAY),
            Map.entry("audio", OBJECT),
            Map.entry("web_search_options", OBJECT),
            Map.entry("store", BOOLEAN),
            Map.entry("service_tier", STRING),
            Map.entry("user", STRING),
            Map.entry("safety_identifier", STRING),
            Map.entry("prompt_cache_key", STRING));

    private final String words;

    ParamType(String words) {
        this.words = words;
    }

    /**
     * @param value standing on the field's value
     * @throws InvalidRequest the field is known and its value has another type
     */
    static void check(String name, JsonToken token, JsonParser value) throws IOException {
        ParamType type = KNOWN.get(name);
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

    static InvalidRequest wrong(String path, String expected) {
        return new InvalidRequest("invalid_type", path, path + " must be " + expected);
    }
}
