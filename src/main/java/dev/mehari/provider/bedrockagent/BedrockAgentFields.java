package dev.mehari.provider.bedrockagent;

import dev.mehari.chat.RequestField;
import dev.mehari.provider.FieldTable;

/** What becomes of each request field at InvokeAgent: most of them are the agent's own affair. */
final class BedrockAgentFields {
    private static final String OWN = "set at the agent itself";
    private static final String MEMORY = "the agent has its own memory";

    static final FieldTable TABLE = FieldTable.of()
            .mapped(RequestField.SYSTEM, "prompt session attribute `system`")
            .mapped(RequestField.LATE_SYSTEM, "prompt session attribute `system`")
            .dropped(RequestField.MESSAGE_NAME, "no such field")
            .rejected(RequestField.IMAGE, "agents take documents")
            .rejected(RequestField.IMAGE_URL, "agents take documents")
            .dropped(RequestField.IMAGE_DETAIL, "no such field")
            .mapped(RequestField.DOCUMENT, "`sessionState.files`")
            .mapped(RequestField.DOCUMENT_URL, "`sessionState.files`, fetched by the gateway; `s3://` as it is")
            .mapped(RequestField.DOCUMENT_NAME, "`sessionState.files[].name`")
            .rejected(RequestField.FILE_ID, "files of other providers cannot be read there; send the data itself")
            .rejected(RequestField.AUDIO, "agents take text")
            .dropped(RequestField.CACHE_MARK, OWN)
            .dropped(RequestField.REFUSAL_HISTORY, MEMORY)
            .dropped(RequestField.REASONING_HISTORY, MEMORY)
            .dropped(RequestField.REASONING_SIGNATURE, MEMORY)
            .dropped(RequestField.REDACTED_REASONING, MEMORY)
            .mapped(RequestField.TOOL_CALLS, "those of the last turn tell which results the agent gets")
            .mapped(
                    RequestField.TOOL_RESULTS,
                    "`returnControlInvocationResults`; what the user says beside them: prompt session attribute `user`")
            .mapped(RequestField.TOOL_RESULT_ERROR, "`responseState: REPROMPT`")
            .rejected(RequestField.TOOL_RESULT_MEDIA, "results are text")
            .dropped(RequestField.TOOLS, "the agent's action groups")
            .dropped(RequestField.STRICT_TOOLS, OWN)
            .dropped(RequestField.CUSTOM_TOOLS, "the agent's action groups")
            .dropped(RequestField.BUILT_IN_TOOLS, "the agent's action groups")
            .dropped(RequestField.TOOL_CHOICE, OWN)
            .dropped(RequestField.ALLOWED_TOOLS, OWN)
            .dropped(RequestField.PARALLEL_TOOL_CALLS, OWN)
            .dropped(RequestField.MAX_TOKENS, OWN)
            .dropped(RequestField.TEMPERATURE, OWN)
            .dropped(RequestField.TOP_P, OWN)
            .dropped(RequestField.TOP_K, OWN)
            .rejected(RequestField.CHOICES, "it gives one choice only; send n: 1")
            .dropped(RequestField.STOP, OWN)
            .dropped(RequestField.SEED, "no such field")
            .dropped(RequestField.PRESENCE_PENALTY, "no such field")
            .dropped(RequestField.FREQUENCY_PENALTY, "no such field")
            .dropped(RequestField.LOGPROBS, "no such field")
            .dropped(RequestField.TOP_LOGPROBS, "no such field")
            .dropped(RequestField.REASONING_EFFORT, OWN)
            .dropped(RequestField.THINKING, OWN)
            .dropped(RequestField.REASONING_SUMMARY, OWN)
            .rejected(RequestField.JSON_OBJECT, "an agent's answer has no form to ask for")
            .rejected(RequestField.JSON_SCHEMA, "an agent's answer has no form to ask for")
            .dropped(RequestField.VERBOSITY, OWN)
            .rejected(RequestField.MODALITIES, "its answers are text")
            .mapped(RequestField.USER, "the session's id, unless the header `x-session-id` gives one")
            .dropped(RequestField.SAFETY_IDENTIFIER, "no such field")
            .dropped(RequestField.PROMPT_CACHE_KEY, OWN)
            .dropped(RequestField.SERVICE_TIER, OWN)
            .dropped(RequestField.STORE, MEMORY)
            .mapped(RequestField.METADATA, "`sessionState.sessionAttributes`")
            .extras("memoryId")
            .build();

    private BedrockAgentFields() {}
}
