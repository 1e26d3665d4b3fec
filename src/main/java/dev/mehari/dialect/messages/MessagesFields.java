package dev.mehari.dialect.messages;

import dev.mehari.chat.RequestField;
import dev.mehari.dialect.FieldNames;
import java.util.Map;

/** What a Messages request can ask for, by its names there. */
final class MessagesFields {
    static final FieldNames NAMES = new FieldNames(Map.ofEntries(
            Map.entry(RequestField.SYSTEM, "system"),
            Map.entry(RequestField.LATE_SYSTEM, "messages[].role: system"),
            Map.entry(RequestField.IMAGE, "messages[].content[].image (base64)"),
            Map.entry(RequestField.IMAGE_URL, "messages[].content[].image (url)"),
            Map.entry(RequestField.DOCUMENT, "messages[].content[].document (base64, text, content)"),
            Map.entry(RequestField.DOCUMENT_URL, "messages[].content[].document (url)"),
            Map.entry(RequestField.DOCUMENT_NAME, "messages[].content[].title"),
            Map.entry(RequestField.FILE_ID, "messages[].content[].source.file_id"),
            Map.entry(RequestField.CACHE_MARK, "messages[].content[].cache_control"),
            Map.entry(RequestField.REASONING_HISTORY, "messages[].content[].thinking"),
            Map.entry(RequestField.REASONING_SIGNATURE, "messages[].content[].signature"),
            Map.entry(RequestField.REDACTED_REASONING, "messages[].content[].redacted_thinking"),
            Map.entry(RequestField.TOOL_CALLS, "messages[].content[].tool_use"),
            Map.entry(RequestField.TOOL_RESULTS, "messages[].content[].tool_result"),
            Map.entry(RequestField.TOOL_RESULT_ERROR, "messages[].content[].is_error"),
            Map.entry(RequestField.TOOL_RESULT_MEDIA, "messages[].content[].tool_result: images and documents"),
            Map.entry(RequestField.TOOLS, "tools"),
            Map.entry(RequestField.STRICT_TOOLS, "tools[].strict"),
            Map.entry(RequestField.BUILT_IN_TOOLS, "tools[].type"),
            Map.entry(RequestField.TOOL_CHOICE, "tool_choice"),
            Map.entry(RequestField.PARALLEL_TOOL_CALLS, "tool_choice.disable_parallel_tool_use"),
            Map.entry(RequestField.MAX_TOKENS, "max_tokens"),
            Map.entry(RequestField.TEMPERATURE, "temperature"),
            Map.entry(RequestField.TOP_P, "top_p"),
            Map.entry(RequestField.TOP_K, "top_k"),
            Map.entry(RequestField.STOP, "stop_sequences"),
            Map.entry(RequestField.REASONING_EFFORT, "output_config.effort"),
            Map.entry(RequestField.THINKING, "thinking"),
            Map.entry(RequestField.REASONING_SUMMARY, "thinking.display"),
            Map.entry(RequestField.JSON_SCHEMA, "output_config.format"),
            Map.entry(RequestField.USER, "metadata.user_id"),
            Map.entry(RequestField.SERVICE_TIER, "service_tier")));

    private MessagesFields() {}
}
