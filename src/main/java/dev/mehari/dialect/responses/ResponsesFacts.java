package dev.mehari.dialect.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.History;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.ParamType;
import dev.mehari.dialect.RequestBody;
import dev.mehari.dialect.TokenLimit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Responses request in a single pass: checks what can be checked without knowing the model, and notes what the
 * routes decide on. One instance a request; not thread-safe.
 */
final class ResponsesFacts {
    /** Source: OpenAI API reference, Create a model response, read 2026-11-21. */
    private static final Map<String, ParamType> TYPES = Map.ofEntries(
            Map.entry("model", ParamType.STRING),
            Map.entry("instructions", ParamType.STRING),
            Map.entry("previous_response_id", ParamType.STRING),
            Map.entry("store", ParamType.BOOLEAN),
            Map.entry("stream", ParamType.BOOLEAN),
            Map.entry("stream_options", ParamType.OBJECT),
            Map.entry("background", ParamType.BOOLEAN),
            Map.entry("max_output_tokens", ParamType.INTEGER),
            Map.entry("max_tool_calls", ParamType.INTEGER),
            Map.entry("parallel_tool_calls", ParamType.BOOLEAN),
            Map.entry("tools", ParamType.ARRAY),
            Map.entry("tool_choice", ParamType.STRING_OR_OBJECT),
            Map.entry("text", ParamType.OBJECT),
            Map.entry("reasoning", ParamType.OBJECT),
            Map.entry("temperature", ParamType.NUMBER),
            Map.entry("top_p", ParamType.NUMBER),
            Map.entry("top_logprobs", ParamType.INTEGER),
            Map.entry("include", ParamType.ARRAY),
            Map.entry("metadata", ParamType.OBJECT),
            Map.entry("truncation", ParamType.STRING),
            Map.entry("service_tier", ParamType.STRING),
            Map.entry("prompt", ParamType.OBJECT),
            Map.entry("prompt_cache_key", ParamType.STRING),
            Map.entry("safety_identifier", ParamType.STRING),
            Map.entry("user", ParamType.STRING));

    /** Fields whose strings are what the model reads. */
    private static final Set<String> PROSE = Set.of("text", "content", "output", "arguments", "input");

    private @Nullable String model;
    private @Nullable String provider;
    private @Nullable Long maxTokens;
    private boolean stream;
    private boolean hasTools;
    private boolean hasInput;
    private int promptChars;

    private ResponsesFacts() {}

    /**
     * @throws InvalidRequest the body is no JSON object, or a field has the wrong type; names it
     */
    static RequestFacts read(RequestBody body, boolean forceStream) {
        ResponsesFacts facts = new ResponsesFacts();
        JsonObject raw = body.scan(facts::field);
        if (!facts.hasInput && !raw.has("prompt")) {
            throw new InvalidRequest(
                    "missing_required_parameter", "input", "input is missing: send a string or a list of items");
        }
        if (raw.has("previous_response_id") && raw.has("conversation")) {
            throw new InvalidRequest(
                    "invalid_value",
                    "previous_response_id",
                    "previous_response_id and conversation exclude each other: send one of them");
        }
        return new RequestFacts(
                raw,
                facts.model,
                facts.provider,
                facts.stream || forceStream,
                true,
                facts.maxTokens,
                facts.promptChars,
                facts.hasTools,
                false,
                () -> ResponsesRequestReader.read(raw.bytes(), List.of(), Map.of()));
    }

    /** The same request after the conversation it goes on with. */
    static RequestFacts continued(RequestFacts facts, History history) {
        return new RequestFacts(
                facts.raw(),
                facts.model(),
                facts.provider(),
                facts.stream(),
                facts.includeUsage(),
                facts.maxTokens(),
                // A conversation that its provider keeps is not even read here.
                facts.promptChars() + (history.keeper() == null ? chars(history.items()) : 0),
                facts.hasTools(),
                facts.usesFunctions(),
                () -> ResponsesRequestReader.read(facts.raw().bytes(), history.items(), history.stored()),
                history,
                null);
    }

    /** The prose of a conversation, also of one that its provider keeps. */
    static int chars(@Nullable History history) {
        return history == null ? 0 : chars(history.items());
    }

    private static int chars(List<JsonNode> items) {
        int chars = 0;
        for (JsonNode item : items) {
            for (String name : PROSE) {
                for (JsonNode value : item.findValues(name)) {
                    chars += value.isTextual() ? value.textValue().length() : 0;
                }
            }
        }
        return chars;
    }

    private void field(String name, JsonParser value) throws IOException {
        ParamType.check(TYPES, name, value);
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (name) {
            case "model" -> model = value.getText();
            case "provider" -> provider = value.currentToken() == JsonToken.VALUE_STRING ? value.getText() : null;
            case "max_output_tokens" -> maxTokens = TokenLimit.larger(maxTokens, value);
            case "stream" -> stream = value.getBooleanValue();
            case "tools" -> hasTools = value.nextToken() != JsonToken.END_ARRAY;
            case "instructions" -> promptChars += value.getTextLength();
            case "input" -> {
                hasInput = true;
                input(value);
            }
            default -> {}
        }
    }

    private void input(JsonParser input) throws IOException {
        if (input.currentToken() == JsonToken.VALUE_STRING) {
            promptChars += input.getTextLength();
            return;
        }
        if (input.currentToken() != JsonToken.START_ARRAY) {
            throw ParamType.wrong("input", "a string or an array of items");
        }
        int item = 0;
        while (input.nextToken() != JsonToken.END_ARRAY) {
            if (input.currentToken() != JsonToken.START_OBJECT) {
                throw ParamType.wrong("input[" + item + "]", "an object");
            }
            item(input);
            item++;
        }
        if (item == 0) {
            throw new InvalidRequest("empty_array", "input", "input is empty: send at least one item");
        }
    }

    private void item(JsonParser item) throws IOException {
        int depth = 1;
        while (depth > 0) {
            JsonToken token = item.nextToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING && PROSE.contains(String.valueOf(item.currentName()))) {
                promptChars += item.getTextLength();
            }
        }
    }
}
