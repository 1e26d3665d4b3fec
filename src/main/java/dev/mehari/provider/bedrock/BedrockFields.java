package dev.mehari.provider.bedrock;

import dev.mehari.chat.RequestField;
import dev.mehari.provider.FieldTable;

/** What becomes of each request field at Converse. What depends on the model, {@link BedrockTuning} decides. */
final class BedrockFields {
    static final FieldTable TABLE = FieldTable.of()
            .mapped(RequestField.SYSTEM, "`system`; in front of the first user message for models without it")
            .mapped(
                    RequestField.LATE_SYSTEM,
                    "role `system` in its place for Claude from Opus 4.8 on, else in `system`")
            .dropped(RequestField.MESSAGE_NAME, "Converse has no names")
            .mapped(RequestField.IMAGE, "png, jpeg, gif or webp, told by its bytes; other types are 400")
            .mapped(RequestField.IMAGE_URL, "fetched by the gateway; `s3://` goes as `s3Location`")
            .dropped(RequestField.IMAGE_DETAIL, "no such choice")
            .mapped(RequestField.DOCUMENT, "pdf, csv, doc, docx, xls, xlsx, html, txt, md; other types are 400")
            .mapped(RequestField.DOCUMENT_URL, "fetched by the gateway; `s3://` goes as `s3Location`")
            .mapped(RequestField.DOCUMENT_NAME, "`document.name`; characters it does not take become blanks")
            .rejected(RequestField.FILE_ID, "files of other providers cannot be read there; send the data itself")
            .mapped(RequestField.AUDIO, "`audio` block")
            .mapped(RequestField.CACHE_MARK, "`cachePoint` for Claude and Nova; dropped for other models")
            .mapped(RequestField.REFUSAL_HISTORY, "text")
            .mapped(RequestField.REASONING_HISTORY, "`reasoningContent` when signed by the same family, else dropped")
            .mapped(RequestField.REASONING_SIGNATURE, "of the same family; others are dropped")
            .mapped(RequestField.REDACTED_REASONING, "`redactedContent` for Claude; dropped for other models")
            .mapped(RequestField.TOOL_CALLS, "`toolUse`; arguments that are no JSON object under `_raw`")
            .mapped(RequestField.TOOL_RESULTS, "`toolResult`, all of a turn in one user message; objects as `json`")
            .mapped(RequestField.TOOL_RESULT_ERROR, "`status: error`")
            .mapped(RequestField.TOOL_RESULT_MEDIA, "in the `toolResult`")
            .mapped(RequestField.TOOLS, "`toolSpec`; made from the history when it has calls and the request no tools")
            .mapped(RequestField.STRICT_TOOLS, "`strict` for models with structured output, else dropped")
            .rejected(RequestField.CUSTOM_TOOLS, "tools take JSON there; use type function")
            .mapped(RequestField.BUILT_IN_TOOLS, "`systemTool` for Nova's own (`nova_…`); others are 400")
            .mapped(RequestField.TOOL_CHOICE, "`toolChoice`; `none` leaves the tools out unless the history has calls")
            .mapped(RequestField.ALLOWED_TOOLS, "only those tools are sent")
            .mapped(RequestField.PARALLEL_TOOL_CALLS, "`disable_parallel_tool_use` for Claude, else dropped")
            .mapped(RequestField.MAX_TOKENS, "`inferenceConfig.maxTokens`")
            .mapped(RequestField.TEMPERATURE, "at most 1; dropped for models that take none and beside thinking")
            .mapped(RequestField.TOP_P, "dropped for models that take none, and for Claude beside `temperature`")
            .mapped(RequestField.TOP_K, "Claude `top_k`, Nova `inferenceConfig.topK`, Cohere `k`; else dropped")
            .rejected(RequestField.CHOICES, "it gives one choice only; send n: 1")
            .mapped(RequestField.STOP, "`inferenceConfig.stopSequences`")
            .dropped(RequestField.SEED, "no such field")
            .dropped(RequestField.PRESENCE_PENALTY, "no such field")
            .dropped(RequestField.FREQUENCY_PENALTY, "no such field")
            .dropped(RequestField.LOGPROBS, "no such field")
            .dropped(RequestField.TOP_LOGPROBS, "no such field")
            .mapped(RequestField.REASONING_EFFORT, "by family: `thinking`, `reasoningConfig` or `reasoning_effort`")
            .mapped(RequestField.THINKING, "`thinking` for Claude, else dropped")
            .mapped(RequestField.REASONING_SUMMARY, "`thinking.display` for Claude, else dropped")
            .mapped(RequestField.JSON_OBJECT, "an instruction in `system`")
            .mapped(RequestField.JSON_SCHEMA, "`outputConfig.textFormat`, or a helper tool where the model lacks it")
            .dropped(RequestField.VERBOSITY, "no such field")
            .rejected(RequestField.MODALITIES, "its answers are text")
            .dropped(RequestField.USER, "no such field")
            .dropped(RequestField.SAFETY_IDENTIFIER, "no such field")
            .dropped(RequestField.PROMPT_CACHE_KEY, "it caches at marks in the prompt")
            .mapped(RequestField.SERVICE_TIER, "`serviceTier`: default, flex, priority, reserved")
            .dropped(RequestField.STORE, "it stores nothing")
            .mapped(RequestField.METADATA, "`requestMetadata`; characters it does not take become `_`")
            .extras(
                    "additionalModelRequestFields",
                    "additionalModelResponseFieldPaths",
                    "guardrailConfig",
                    "performanceConfig",
                    "promptVariables",
                    "anthropic_beta")
            .blocks("bedrock")
            .build();

    private BedrockFields() {}
}
