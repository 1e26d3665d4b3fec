package dev.mehari.provider.gemini;

import dev.mehari.chat.RequestField;
import dev.mehari.provider.FieldTable;

/** What becomes of each field of a request. What depends on the model or on a value is decided, and told, in encoding. */
final class GeminiFields {
    static final FieldTable AI_STUDIO = common().mapped(
                    RequestField.IMAGE_URL, "fetched by the gateway, sent as inlineData")
            .mapped(RequestField.DOCUMENT_URL, "fetched by the gateway, sent as inlineData")
            .mapped(RequestField.FILE_ID, "a name or address of the Files API, as fileData; others are refused")
            .dropped(RequestField.DOCUMENT_NAME, "only at Vertex AI")
            .dropped(RequestField.LOGPROBS, "only at Vertex AI")
            .dropped(RequestField.TOP_LOGPROBS, "only at Vertex AI")
            .mapped(RequestField.SERVICE_TIER, "serviceTier: flex, priority, standard")
            .dropped(RequestField.METADATA, "labels exist only at Vertex AI")
            .build();

    static final FieldTable VERTEX = common().mapped(
                    RequestField.IMAGE_URL, "fileData where the type can be told from the name, else fetched")
            .mapped(RequestField.DOCUMENT_URL, "fileData where the type can be told from the name, else fetched")
            .mapped(RequestField.FILE_ID, "a gs:// address, as fileData; others are refused")
            .mapped(RequestField.DOCUMENT_NAME, "inlineData.displayName")
            .mapped(RequestField.LOGPROBS, "generationConfig.responseLogprobs; few models")
            .mapped(RequestField.TOP_LOGPROBS, "generationConfig.logprobs")
            .mapped(RequestField.SERVICE_TIER, "flex and priority, in headers")
            .mapped(RequestField.METADATA, "labels; entries that are none are left out and named")
            .build();

    private GeminiFields() {}

    static FieldTable of(GeminiPlatform platform) {
        return switch (platform) {
            case AI_STUDIO -> AI_STUDIO;
            case VERTEX -> VERTEX;
        };
    }

    private static FieldTable.Builder common() {
        return FieldTable.of()
                .mapped(RequestField.SYSTEM, "systemInstruction; before the first user text for Gemma")
                .mapped(RequestField.LATE_SYSTEM, "text of a user turn, in its place")
                .dropped(RequestField.MESSAGE_NAME, "")
                .mapped(RequestField.IMAGE, "inlineData: PNG, JPEG, WebP, HEIC, HEIF; others are refused")
                .dropped(RequestField.IMAGE_DETAIL, "resolution can be set for a whole request only")
                .mapped(RequestField.DOCUMENT, "inlineData: PDF, text, sound, video; others are refused")
                .mapped(RequestField.AUDIO, "inlineData")
                .dropped(RequestField.CACHE_MARK, "caching is implicit, or by cached_content")
                .mapped(RequestField.REFUSAL_HISTORY, "text")
                .mapped(RequestField.REASONING_HISTORY, "with Gemini's own signature; other is left out and named")
                .mapped(RequestField.REASONING_SIGNATURE, "Gemini's own; others are left out and named")
                .dropped(RequestField.REDACTED_REASONING, "another provider's")
                .mapped(RequestField.TOOL_CALLS, "functionCall")
                .mapped(RequestField.TOOL_RESULTS, "functionResponse, in the order of the calls")
                .mapped(RequestField.TOOL_RESULT_ERROR, "functionResponse.response.error")
                .mapped(RequestField.TOOL_RESULT_MEDIA, "functionResponse.parts from Gemini 3 on, else beside it")
                .mapped(RequestField.TOOLS, "functionDeclarations")
                .mapped(RequestField.STRICT_TOOLS, "mode VALIDATED, for all of them")
                .rejected(RequestField.CUSTOM_TOOLS, "it knows no tools that take free text")
                .mapped(RequestField.BUILT_IN_TOOLS, "google_search, web_search, url_context, code_execution")
                .mapped(RequestField.TOOL_CHOICE, "functionCallingConfig.mode")
                .mapped(RequestField.ALLOWED_TOOLS, "functionCallingConfig.allowedFunctionNames")
                .dropped(RequestField.PARALLEL_TOOL_CALLS, "it cannot be told to make one call only")
                .mapped(RequestField.MAX_TOKENS, "generationConfig.maxOutputTokens")
                .kept(RequestField.TEMPERATURE, RequestField.TOP_P, RequestField.TOP_K, RequestField.SEED)
                .mapped(RequestField.CHOICES, "generationConfig.candidateCount; refused for streams")
                .mapped(RequestField.STOP, "generationConfig.stopSequences, at most 5")
                .mapped(RequestField.PRESENCE_PENALTY, "left out and named for Gemini 2.5 at AI Studio")
                .mapped(RequestField.FREQUENCY_PENALTY, "left out and named for Gemini 2.5 at AI Studio")
                .mapped(RequestField.REASONING_EFFORT, "thinkingConfig, as a level or a budget by model")
                .mapped(RequestField.THINKING, "thinkingConfig, as a level or a budget by model")
                .mapped(RequestField.REASONING_SUMMARY, "thinkingConfig.includeThoughts")
                .mapped(RequestField.JSON_OBJECT, "responseMimeType; in words beside tools before Gemini 3")
                .mapped(RequestField.JSON_SCHEMA, "responseJsonSchema; in words beside tools before Gemini 3")
                .dropped(RequestField.VERBOSITY, "")
                .mapped(RequestField.MODALITIES, "generationConfig.responseModalities")
                .dropped(RequestField.USER, "")
                .dropped(RequestField.SAFETY_IDENTIFIER, "")
                .dropped(RequestField.PROMPT_CACHE_KEY, "caching is implicit")
                .dropped(RequestField.STORE, "")
                .extras("safety_settings", "google", "extra_body")
                .blocks("gemini");
    }
}
