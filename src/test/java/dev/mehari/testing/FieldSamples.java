package dev.mehari.testing;

import dev.mehari.chat.RequestField;

/**
 * A chat request for each {@link RequestField} that asks for it, and for as little else as can be; but for
 * {@link RequestField#DOCUMENT_URL}, which chat clients have no words for.
 */
public final class FieldSamples {
    private static final String HI = "{\"role\":\"user\",\"content\":\"hi\"}";
    private static final String PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==";
    private static final String PDF = "data:application/pdf;base64,JVBERi0xLjQK";
    private static final String FUNCTION =
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}";
    private static final String CALL =
            "{\"id\":\"call_123\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
    private static final String CALLING =
            HI + ",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + CALL + "]}";

    private FieldSamples() {}

    /** The JSON of the request, for that model. */
    public static String request(RequestField field, String model) {
        return "{\"model\":\"" + model + "\"," + fields(field) + "}";
    }

    private static String fields(RequestField field) {
        return switch (field) {
            case SYSTEM -> messages("{\"role\":\"system\",\"content\":\"be brief\"}," + HI);
            case LATE_SYSTEM ->
                messages(
                        HI + ",{\"role\":\"assistant\",\"content\":\"ho\"},{\"role\":\"system\",\"content\":\"brief\"},"
                                + HI);
            case MESSAGE_NAME -> messages("{\"role\":\"user\",\"name\":\"ann\",\"content\":\"hi\"}");
            case IMAGE -> part("{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + PNG + "\"}}");
            case IMAGE_URL -> part("{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/cat.png\"}}");
            case IMAGE_DETAIL ->
                part("{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + PNG + "\",\"detail\":\"low\"}}");
            case DOCUMENT ->
                part("{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"" + PDF + "\"}}");
            case DOCUMENT_NAME ->
                part("{\"type\":\"file\",\"file\":{\"filename\":\"report.pdf\",\"file_data\":\"" + PDF + "\"}}");
            case DOCUMENT_URL -> throw new IllegalArgumentException("a chat names no document by its address");
            case FILE_ID -> part("{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}");
            case AUDIO -> part("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"UklGRg==\",\"format\":\"wav\"}}");
            case CACHE_MARK -> part("{\"type\":\"text\",\"text\":\"hi\",\"cache_control\":{\"type\":\"ephemeral\"}}");
            case REFUSAL_HISTORY ->
                messages(HI + ",{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}," + HI);
            case REASONING_HISTORY ->
                messages(HI + ",{\"role\":\"assistant\",\"content\":\"ho\",\"reasoning_content\":\"hm\"}," + HI);
            case REASONING_SIGNATURE ->
                messages(HI + ",{\"role\":\"assistant\",\"content\":\"ho\",\"thinking_blocks\":[{\"type\":\"thinking\","
                        + "\"thinking\":\"hm\",\"signature\":\"c2ln\"}]}," + HI);
            case REDACTED_REASONING ->
                messages(HI + ",{\"role\":\"assistant\",\"content\":\"ho\",\"thinking_blocks\":["
                        + "{\"type\":\"redacted_thinking\",\"data\":\"c2ln\"}]}," + HI);
            case TOOL_CALLS -> messages(CALLING + result("\"ok\"", "")) + ",\"tools\":[" + FUNCTION + "]";
            case TOOL_RESULTS -> messages(CALLING + result("\"ok\"", "")) + ",\"tools\":[" + FUNCTION + "]";
            case TOOL_RESULT_ERROR ->
                messages(CALLING + result("\"no\"", ",\"is_error\":true")) + ",\"tools\":[" + FUNCTION + "]";
            case TOOL_RESULT_MEDIA ->
                messages(CALLING + result("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + PNG + "\"}}]", ""))
                        + ",\"tools\":[" + FUNCTION + "]";
            case TOOLS -> chat("\"tools\":[" + FUNCTION + "]");
            case STRICT_TOOLS ->
                chat("\"tools\":[" + FUNCTION.replace("\"name\":\"f\"", "\"name\":\"f\",\"strict\":true") + "]");
            case CUSTOM_TOOLS -> chat("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]");
            case BUILT_IN_TOOLS -> chat("\"tools\":[{\"type\":\"web_search\"}]");
            case TOOL_CHOICE -> chat("\"tools\":[" + FUNCTION + "],\"tool_choice\":\"required\"");
            case ALLOWED_TOOLS ->
                chat("\"tools\":[" + FUNCTION + "],\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{"
                        + "\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}");
            case PARALLEL_TOOL_CALLS -> chat("\"tools\":[" + FUNCTION + "],\"parallel_tool_calls\":false");
            case MAX_TOKENS -> chat("\"max_completion_tokens\":10");
            case TEMPERATURE -> chat("\"temperature\":0.5");
            case TOP_P -> chat("\"top_p\":0.5");
            case TOP_K -> chat("\"top_k\":5");
            case CHOICES -> chat("\"n\":2");
            case STOP -> chat("\"stop\":[\"x\"]");
            case SEED -> chat("\"seed\":7");
            case PRESENCE_PENALTY -> chat("\"presence_penalty\":0.5");
            case FREQUENCY_PENALTY -> chat("\"frequency_penalty\":0.5");
            case LOGPROBS -> chat("\"logprobs\":true");
            case TOP_LOGPROBS -> chat("\"logprobs\":true,\"top_logprobs\":2");
            case REASONING_EFFORT -> chat("\"reasoning_effort\":\"low\"");
            case THINKING -> chat("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}");
            case REASONING_SUMMARY -> chat("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}");
            case JSON_OBJECT -> chat("\"response_format\":{\"type\":\"json_object\"}");
            case JSON_SCHEMA ->
                chat("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":"
                        + "{\"type\":\"object\",\"properties\":{}}}}");
            case VERBOSITY -> chat("\"verbosity\":\"low\"");
            case MODALITIES -> chat("\"modalities\":[\"text\",\"audio\"]");
            case USER -> chat("\"user\":\"u\"");
            case SAFETY_IDENTIFIER -> chat("\"safety_identifier\":\"u\"");
            case PROMPT_CACHE_KEY -> chat("\"prompt_cache_key\":\"k\"");
            case SERVICE_TIER -> chat("\"service_tier\":\"flex\"");
            case STORE -> chat("\"store\":true");
            case METADATA -> chat("\"metadata\":{\"a\":\"b\"}");
        };
    }

    private static String chat(String fields) {
        return messages(HI) + "," + fields;
    }

    private static String messages(String all) {
        return "\"messages\":[" + all + "]";
    }

    private static String part(String part) {
        return messages("{\"role\":\"user\",\"content\":[" + part + "]}");
    }

    private static String result(String content, String more) {
        return ",{\"role\":\"tool\",\"tool_call_id\":\"call_123\",\"content\":" + content + more + "}";
    }
}
