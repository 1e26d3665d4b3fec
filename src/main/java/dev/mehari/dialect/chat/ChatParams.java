package dev.mehari.dialect.chat;

import static dev.mehari.dialect.ParamType.ARRAY;
import static dev.mehari.dialect.ParamType.BOOLEAN;
import static dev.mehari.dialect.ParamType.INTEGER;
import static dev.mehari.dialect.ParamType.NUMBER;
import static dev.mehari.dialect.ParamType.OBJECT;
import static dev.mehari.dialect.ParamType.STRING;
import static dev.mehari.dialect.ParamType.STRING_OR_ARRAY;
import static dev.mehari.dialect.ParamType.STRING_OR_OBJECT;

import dev.mehari.dialect.ParamType;
import java.util.Map;

/** The request fields of Chat Completions. Source: OpenAI API reference, Create chat completion, read 2026-11-21. */
final class ChatParams {
    static final Map<String, ParamType> TYPES = Map.ofEntries(
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

    private ChatParams() {}
}
