package dev.mehari.dialect.responses;

import dev.mehari.chat.RequestField;
import dev.mehari.dialect.FieldNames;
import java.util.Map;

/** What a Responses request can ask for, by the names that the fields have here. */
final class ResponsesFields {
    static final FieldNames NAMES = new FieldNames(Map.ofEntries(
            Map.entry(RequestField.SYSTEM, "instructions"),
            Map.entry(RequestField.LATE_SYSTEM, "input[] of role system after the first turn"),
            Map.entry(RequestField.IMAGE, "input[].content[].input_image (data)"),
            Map.entry(RequestField.IMAGE_URL, "input[].content[].input_image (URL)"),
            Map.entry(RequestField.IMAGE_DETAIL, "input[].content[].input_image.detail"),
            Map.entry(RequestField.DOCUMENT, "input[].content[].input_file (data)"),
            Map.entry(RequestField.DOCUMENT_URL, "input[].content[].input_file (URL)"),
            Map.entry(RequestField.DOCUMENT_NAME, "input[].content[].filename"),
            Map.entry(RequestField.FILE_ID, "input[].content[].file_id"),
            Map.entry(RequestField.AUDIO, "input[].content[].input_audio"),
            Map.entry(RequestField.CACHE_MARK, "input[].content[].prompt_cache_breakpoint"),
            Map.entry(RequestField.REFUSAL_HISTORY, "input[].content[].refusal"),
            Map.entry(RequestField.REASONING_HISTORY, "input[].reasoning"),
            Map.entry(RequestField.REASONING_SIGNATURE, "input[].reasoning.encrypted_content"),
            Map.entry(RequestField.REDACTED_REASONING, "input[].reasoning.encrypted_content (hidden)"),
            Map.entry(RequestField.TOOL_CALLS, "input[].function_call"),
            Map.entry(RequestField.TOOL_RESULTS, "input[].function_call_output"),
            Map.entry(RequestField.TOOL_RESULT_MEDIA, "input[].function_call_output: images and files"),
            Map.entry(RequestField.TOOLS, "tools"),
            Map.entry(RequestField.STRICT_TOOLS, "tools[].strict"),
            Map.entry(RequestField.CUSTOM_TOOLS, "tools[] of type custom"),
            Map.entry(RequestField.BUILT_IN_TOOLS, "tools[].type"),
            Map.entry(RequestField.TOOL_CHOICE, "tool_choice"),
            Map.entry(RequestField.ALLOWED_TOOLS, "tool_choice.tools"),
            Map.entry(RequestField.PARALLEL_TOOL_CALLS, "parallel_tool_calls"),
            Map.entry(RequestField.MAX_TOKENS, "max_output_tokens"),
            Map.entry(RequestField.TEMPERATURE, "temperature"),
            Map.entry(RequestField.TOP_P, "top_p"),
            Map.entry(RequestField.LOGPROBS, "include: message.output_text.logprobs"),
            Map.entry(RequestField.TOP_LOGPROBS, "top_logprobs"),
            Map.entry(RequestField.REASONING_EFFORT, "reasoning.effort"),
            Map.entry(RequestField.REASONING_SUMMARY, "reasoning.summary"),
            Map.entry(RequestField.JSON_OBJECT, "text.format: json_object"),
            Map.entry(RequestField.JSON_SCHEMA, "text.format: json_schema"),
            Map.entry(RequestField.VERBOSITY, "text.verbosity"),
            Map.entry(RequestField.USER, "user"),
            Map.entry(RequestField.SAFETY_IDENTIFIER, "safety_identifier"),
            Map.entry(RequestField.PROMPT_CACHE_KEY, "prompt_cache_key"),
            Map.entry(RequestField.SERVICE_TIER, "service_tier"),
            Map.entry(RequestField.METADATA, "metadata")));

    private ResponsesFields() {}
}
