package dev.mehari.provider.openai;

import static dev.mehari.chat.RequestField.ALLOWED_TOOLS;
import static dev.mehari.chat.RequestField.AUDIO;
import static dev.mehari.chat.RequestField.BUILT_IN_TOOLS;
import static dev.mehari.chat.RequestField.CACHE_MARK;
import static dev.mehari.chat.RequestField.CHOICES;
import static dev.mehari.chat.RequestField.CUSTOM_TOOLS;
import static dev.mehari.chat.RequestField.DOCUMENT;
import static dev.mehari.chat.RequestField.DOCUMENT_NAME;
import static dev.mehari.chat.RequestField.DOCUMENT_URL;
import static dev.mehari.chat.RequestField.FILE_ID;
import static dev.mehari.chat.RequestField.FREQUENCY_PENALTY;
import static dev.mehari.chat.RequestField.IMAGE;
import static dev.mehari.chat.RequestField.IMAGE_DETAIL;
import static dev.mehari.chat.RequestField.IMAGE_URL;
import static dev.mehari.chat.RequestField.JSON_OBJECT;
import static dev.mehari.chat.RequestField.JSON_SCHEMA;
import static dev.mehari.chat.RequestField.LATE_SYSTEM;
import static dev.mehari.chat.RequestField.LOGPROBS;
import static dev.mehari.chat.RequestField.MAX_TOKENS;
import static dev.mehari.chat.RequestField.MESSAGE_NAME;
import static dev.mehari.chat.RequestField.METADATA;
import static dev.mehari.chat.RequestField.MODALITIES;
import static dev.mehari.chat.RequestField.PARALLEL_TOOL_CALLS;
import static dev.mehari.chat.RequestField.PRESENCE_PENALTY;
import static dev.mehari.chat.RequestField.PROMPT_CACHE_KEY;
import static dev.mehari.chat.RequestField.REASONING_EFFORT;
import static dev.mehari.chat.RequestField.REASONING_HISTORY;
import static dev.mehari.chat.RequestField.REASONING_SIGNATURE;
import static dev.mehari.chat.RequestField.REASONING_SUMMARY;
import static dev.mehari.chat.RequestField.REDACTED_REASONING;
import static dev.mehari.chat.RequestField.REFUSAL_HISTORY;
import static dev.mehari.chat.RequestField.SAFETY_IDENTIFIER;
import static dev.mehari.chat.RequestField.SEED;
import static dev.mehari.chat.RequestField.SERVICE_TIER;
import static dev.mehari.chat.RequestField.STOP;
import static dev.mehari.chat.RequestField.STORE;
import static dev.mehari.chat.RequestField.STRICT_TOOLS;
import static dev.mehari.chat.RequestField.SYSTEM;
import static dev.mehari.chat.RequestField.TEMPERATURE;
import static dev.mehari.chat.RequestField.THINKING;
import static dev.mehari.chat.RequestField.TOOLS;
import static dev.mehari.chat.RequestField.TOOL_CALLS;
import static dev.mehari.chat.RequestField.TOOL_CHOICE;
import static dev.mehari.chat.RequestField.TOOL_RESULTS;
import static dev.mehari.chat.RequestField.TOOL_RESULT_ERROR;
import static dev.mehari.chat.RequestField.TOOL_RESULT_MEDIA;
import static dev.mehari.chat.RequestField.TOP_K;
import static dev.mehari.chat.RequestField.TOP_LOGPROBS;
import static dev.mehari.chat.RequestField.TOP_P;
import static dev.mehari.chat.RequestField.USER;
import static dev.mehari.chat.RequestField.VERBOSITY;

import dev.mehari.provider.FieldTable;

/**
 * What becomes of a request of another client API on its way into Chat Completions. (A chat client's own bytes pass;
 * there only a provider's quirks say what it does not take.)
 */
final class OpenAiFields {
    static final FieldTable TABLE = FieldTable.of()
            .kept(SYSTEM, LATE_SYSTEM, MESSAGE_NAME, IMAGE, IMAGE_URL, IMAGE_DETAIL, AUDIO, REFUSAL_HISTORY)
            .kept(TOOL_CALLS, TOOL_RESULTS, TOOLS, STRICT_TOOLS, CUSTOM_TOOLS, TOOL_CHOICE, ALLOWED_TOOLS)
            .kept(PARALLEL_TOOL_CALLS, TEMPERATURE, TOP_P, CHOICES, STOP, SEED, PRESENCE_PENALTY, FREQUENCY_PENALTY)
            .kept(LOGPROBS, TOP_LOGPROBS, JSON_OBJECT, JSON_SCHEMA, VERBOSITY, MODALITIES, USER, SAFETY_IDENTIFIER)
            .kept(PROMPT_CACHE_KEY, SERVICE_TIER, STORE, METADATA)
            .mapped(MAX_TOKENS, "max_tokens, or max_completion_tokens for OpenAI's reasoning models")
            .mapped(DOCUMENT, "a file part; plain text becomes a text part")
            .mapped(FILE_ID, "a file part with the same id; 400 for images, which have none there")
            .rejected(DOCUMENT_URL, "send the document itself")
            .mapped(DOCUMENT_NAME, "of plain text its first line")
            .dropped(CACHE_MARK, "prompts are cached without being asked")
            .mapped(REASONING_HISTORY, "reasoning_content where quirks.reasoning-history asks for it, else left out")
            .dropped(REASONING_SIGNATURE, "no field for it")
            .dropped(REDACTED_REASONING, "no field for it")
            .mapped(TOOL_RESULT_ERROR, "the result begins with \"Error: \"")
            .mapped(TOOL_RESULT_MEDIA, "a user message behind the results")
            .rejected(BUILT_IN_TOOLS, "Chat Completions runs no tools")
            .dropped(TOP_K, "no field for it")
            .mapped(REASONING_EFFORT, "reasoning_effort; left out for models that do not reason (quirks.plain-models)")
            .mapped(THINKING, "reasoning_effort: budgets below 2,000 low, below 8,000 medium, else high; disabled none")
            .dropped(REASONING_SUMMARY, "no field for it")
            .build();

    private OpenAiFields() {}
}
