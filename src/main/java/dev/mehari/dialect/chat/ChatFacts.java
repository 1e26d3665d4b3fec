package dev.mehari.dialect.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.ParamType;
import dev.mehari.dialect.RequestBody;
import dev.mehari.dialect.TokenLimit;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Chat Completions request in a single pass: checks what can be checked without knowing the model, and notes
 * what the routes decide on. One instance a request; not thread-safe.
 */
final class ChatFacts {
    /** Source: OpenAI API reference, Create chat completion, read 2026-11-21. */
    private static final Map<String, ParamType> TYPES = Map.ofEntries(
            Map.entry("model", ParamType.STRING),
            Map.entry("messages", ParamType.ARRAY),
            Map.entry("stream", ParamType.BOOLEAN),
            Map.entry("stream_options", ParamType.OBJECT),
            Map.entry("max_tokens", ParamType.INTEGER),
            Map.entry("max_completion_tokens", ParamType.INTEGER),
            Map.entry("temperature", ParamType.NUMBER),
            Map.entry("top_p", ParamType.NUMBER),
            Map.entry("n", ParamType.INTEGER),
            Map.entry("stop", ParamType.STRING_OR_ARRAY),
            Map.entry("presence_penalty", ParamType.NUMBER),
            Map.entry("frequency_penalty", ParamType.NUMBER),
            Map.entry("logit_bias", ParamType.OBJECT),
            Map.entry("logprobs", ParamType.BOOLEAN),
            Map.entry("top_logprobs", ParamType.INTEGER),
            Map.entry("seed", ParamType.INTEGER),
            Map.entry("response_format", ParamType.OBJECT),
            Map.entry("tools", ParamType.ARRAY),
            Map.entry("tool_choice", ParamType.STRING_OR_OBJECT),
            Map.entry("parallel_tool_calls", ParamType.BOOLEAN),
            Map.entry("functions", ParamType.ARRAY),
            Map.entry("function_call", ParamType.STRING_OR_OBJECT),
            Map.entry("reasoning_effort", ParamType.STRING),
            Map.entry("verbosity", ParamType.STRING),
            Map.entry("modalities", ParamType.ARRAY),
            Map.entry("audio", ParamType.OBJECT),
            Map.entry("web_search_options", ParamType.OBJECT),
            Map.entry("store", ParamType.BOOLEAN),
            Map.entry("service_tier", ParamType.STRING),
            Map.entry("user", ParamType.STRING),
            Map.entry("safety_identifier", ParamType.STRING),
            Map.entry("prompt_cache_key", ParamType.STRING));

    private final MessagesCheck messages = new MessagesCheck();
    private @Nullable String model;
    private @Nullable String provider;
    private @Nullable Long maxTokens;
    private boolean stream;
    private boolean includeUsage;
    private boolean hasTools;
    private boolean usesFunctions;
    private boolean sawMessages;

    private ChatFacts() {}

    /**
     * @throws InvalidRequest the body is no JSON object, or a field has the wrong type; names it
     */
    static RequestFacts read(RequestBody body, boolean forceStream) {
        ChatFacts facts = new ChatFacts();
        JsonObject raw = body.scan(facts::field);
        if (!facts.sawMessages) {
            throw new InvalidRequest("missing_required_parameter", "messages", "messages is missing: send a list");
        }
        return new RequestFacts(
                raw,
                facts.model,
                facts.provider,
                facts.stream || forceStream,
                facts.includeUsage,
                facts.maxTokens,
                facts.messages.chars(),
                facts.hasTools,
                facts.usesFunctions,
                () -> ChatRequestReader.read(raw.bytes()));
    }

    private void field(String name, JsonParser value) throws IOException {
        ParamType.check(TYPES, name, value);
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (name) {
            case "model" -> model = value.getText();
            case "provider" -> provider = value.currentToken() == JsonToken.VALUE_STRING ? value.getText() : null;
            case "max_tokens", "max_completion_tokens" -> maxTokens = TokenLimit.larger(maxTokens, value);
            case "stream" -> stream = value.getBooleanValue();
            case "stream_options" -> includeUsage = wantsUsage(value);
            case "messages" -> {
                sawMessages = true;
                messages.read(value);
            }
            case "tools" -> hasTools = value.nextToken() != JsonToken.END_ARRAY;
            case "functions" -> {
                usesFunctions = true;
                hasTools |= value.nextToken() != JsonToken.END_ARRAY;
            }
            case "function_call" -> usesFunctions = true;
            default -> {}
        }
    }

    private static boolean wantsUsage(JsonParser options) throws IOException {
        boolean wanted = false;
        while (options.nextToken() == JsonToken.FIELD_NAME) {
            boolean named = options.currentName().equals("include_usage");
            JsonToken value = options.nextToken();
            if (named && value != JsonToken.VALUE_NULL && !value.isBoolean()) {
                throw new InvalidRequest(
                        "invalid_type",
                        "stream_options.include_usage",
                        "stream_options.include_usage must be a boolean");
            }
            if (named) {
                wanted = value == JsonToken.VALUE_TRUE;
            }
            options.skipChildren();
        }
        return wanted;
    }
}
