package dev.mehari.dialect.messages;

import dev.mehari.dialect.ParamType;
import java.util.Map;

/** The request fields of Messages. Source: Anthropic API reference, Create a Message, read 2026-11-21. */
final class MessagesParams {
    static final Map<String, ParamType> TYPES = Map.ofEntries(
            Map.entry("model", ParamType.STRING),
            Map.entry("messages", ParamType.ARRAY),
            Map.entry("max_tokens", ParamType.INTEGER),
            Map.entry("system", ParamType.STRING_OR_ARRAY),
            Map.entry("stop_sequences", ParamType.ARRAY),
            Map.entry("stream", ParamType.BOOLEAN),
            Map.entry("temperature", ParamType.NUMBER),
            Map.entry("top_p", ParamType.NUMBER),
            Map.entry("top_k", ParamType.INTEGER),
            Map.entry("tools", ParamType.ARRAY),
            Map.entry("tool_choice", ParamType.OBJECT),
            Map.entry("thinking", ParamType.OBJECT),
            Map.entry("output_config", ParamType.OBJECT),
            Map.entry("output_format", ParamType.OBJECT),
            Map.entry("metadata", ParamType.OBJECT),
            Map.entry("cache_control", ParamType.OBJECT),
            Map.entry("service_tier", ParamType.STRING));

    private MessagesParams() {}
}
