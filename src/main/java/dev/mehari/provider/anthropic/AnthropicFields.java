package dev.mehari.provider.anthropic;

import static dev.mehari.chat.RequestField.*;

import dev.mehari.provider.FieldTable;

/**
 * What becomes of each field. What depends on the model or on the field's value is in the notes; the encoder tells of
 * it by the same names.
 *
 * <p>Source: Anthropic API reference, Messages, read 2026-11-21.
 */
final class AnthropicFields {
    static final FieldTable FIELDS = FieldTable.of()
            .mapped(SYSTEM, "to the top-level system")
            .mapped(
                    LATE_SYSTEM,
                    "stays for models that take it; else in <system> tags in the user's turn, or at the top"
                            + " (mehari.anthropic.late-system)")
            .dropped(MESSAGE_NAME, "the API has none")
            .mapped(IMAGE, "JPEG, PNG, GIF and WebP, known by their bytes; others are refused")
            .kept(IMAGE_URL)
            .dropped(IMAGE_DETAIL, "the API has none")
            .mapped(DOCUMENT, "PDF as it is, text as text; others are refused")
            .kept(DOCUMENT_URL)
            .mapped(DOCUMENT_NAME, "the document's title")
            .mapped(FILE_ID, "a file of Anthropic's Files API")
            .rejected(AUDIO, "Claude does not listen; send text")
            .mapped(CACHE_MARK, "up to four; for longer than 5m: 1h")
            .mapped(REFUSAL_HISTORY, "as text")
            .mapped(REASONING_HISTORY, "with Claude's signature; left out without one")
            .mapped(REASONING_SIGNATURE, "Claude's own go back; other makers' are left out with their block")
            .kept(REDACTED_REASONING)
            .mapped(TOOL_CALLS, "arguments that are no JSON object go as {\"_raw\": …}")
            .mapped(TOOL_RESULTS, "first in the user's turn, in the order of the calls")
            .kept(TOOL_RESULT_ERROR, TOOL_RESULT_MEDIA)
            .mapped(TOOLS, "names of other characters than [A-Za-z0-9_-] or over 64 are mapped there and back")
            .mapped(STRICT_TOOLS, "for models with JSON schema output, and schemas that it takes; else left out")
            .mapped(CUSTOM_TOOLS, "as a function of one text; a grammar in words")
            .mapped(BUILT_IN_TOOLS, "Anthropic's own, by their dated type; others are refused")
            .mapped(TOOL_CHOICE, "auto where the model cannot be forced")
            .mapped(ALLOWED_TOOLS, "the other tools are left out")
            .mapped(PARALLEL_TOOL_CALLS, "disable_parallel_tool_use")
            .mapped(MAX_TOKENS, "at most what the model gives; absent: mehari.anthropic.default-max-tokens")
            .mapped(TEMPERATURE, "at most 1; left out for models without sampling, and while thinking")
            .mapped(TOP_P, "left out beside a temperature, for models without sampling, and while thinking")
            .mapped(TOP_K, "left out for models without sampling, and while thinking")
            .rejected(CHOICES, "it gives one answer; ask again for another")
            .mapped(STOP, "blank ones are left out")
            .dropped(SEED, "the API has none")
            .dropped(PRESENCE_PENALTY, "the API has none")
            .dropped(FREQUENCY_PENALTY, "the API has none")
            .dropped(LOGPROBS, "the API has none")
            .dropped(TOP_LOGPROBS, "the API has none")
            .mapped(REASONING_EFFORT, "adaptive thinking and effort, or a budget; left out where the model has neither")
            .mapped(THINKING, "in the form that the model takes")
            .mapped(REASONING_SUMMARY, "thinking.display")
            .mapped(JSON_OBJECT, "an instruction in the system prompt")
            .mapped(JSON_SCHEMA, "output_config.format where model and schema allow; else a tool, unwrapped again")
            .dropped(VERBOSITY, "the API has none")
            .dropped(MODALITIES, "Claude answers in text")
            .mapped(USER, "metadata.user_id; mail addresses as a hash")
            .mapped(SAFETY_IDENTIFIER, "metadata.user_id, before user")
            .dropped(PROMPT_CACHE_KEY, "its cache goes by marks")
            .mapped(SERVICE_TIER, "auto, and default as standard_only; others are left out")
            .dropped(STORE, "the API has none")
            .dropped(METADATA, "the API has none but a user's id")
            .extras(
                    "billing_policy",
                    "cache_control",
                    "compaction",
                    "container",
                    "context_management",
                    "diagnostics",
                    "fallbacks",
                    "inference_geo",
                    "mcp_servers",
                    "output_config",
                    "speed",
                    "thread")
            .blocks("anthropic")
            .build();

    private AnthropicFields() {}
}
