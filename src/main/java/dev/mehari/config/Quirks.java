package dev.mehari.config;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where an OpenAI-compatible provider differs from OpenAI: {@code mehari.providers.<name>.quirks}. The default is
 * OpenAI itself, whose requests pass as bytes. Immutable.
 *
 * @param knownParams when not empty, the only request fields it takes; others are dropped
 * @param dropParams request fields it does not take and that do no harm when missing
 * @param rejectParams request fields it does not take and whose loss would change the answer: 400
 * @param renameParams request fields it knows by another name
 * @param singleChoice whether {@code n} above 1 is refused: 400
 * @param maxTokensField the one field for the output limit that it knows
 * @param developerRole whether it knows the role {@code developer}; else it becomes {@code system}
 * @param messageNames whether messages may carry {@code name}
 * @param messageFields when not empty, the only fields of a message it takes
 * @param strictTools whether tools may carry {@code strict}
 * @param requiredToolChoice its word for {@code tool_choice: required}; {@code drop} where it has none
 * @param toolIdLength the exact length of its tool call ids, letters and digits; 0: any id
 * @param textFormat whether {@code response_format: text} may be sent
 * @param jsonSchema how {@code response_format: json_schema} is served
 * @param jsonSchemaWithTools whether that and tools go together; else 400
 * @param reasoningEfforts its words for values of {@code reasoning_effort}; {@code drop} leaves the field out,
 *     {@code thinking-off} says {@code thinking: {type: disabled}} instead
 * @param reasoningHistory what becomes of reasoning in earlier assistant messages
 * @param remoteImages whether it fetches images from http addresses; else 400
 * @param streamUsage whether usage in a stream must be asked for
 * @param ownIds whether its answer ids are not unique, so that ours replace them
 * @param plainModels its models that do not reason and refuse {@code reasoning_effort}, a {@code *} at the end for
 *     any; a client of another API that asks every model to think is then served all the same
 */
public record Quirks(
        List<String> knownParams,
        List<String> dropParams,
        List<String> rejectParams,
        Map<String, String> renameParams,
        @DefaultValue("false") boolean singleChoice,
        @DefaultValue("by-model") MaxTokens maxTokensField,
        @DefaultValue("true") boolean developerRole,
        @DefaultValue("true") boolean messageNames,
        List<String> messageFields,
        @DefaultValue("true") boolean strictTools,
        @DefaultValue("required") String requiredToolChoice,
        @DefaultValue("0") int toolIdLength,
        @DefaultValue("true") boolean textFormat,
        @DefaultValue("native") JsonSchema jsonSchema,
        @DefaultValue("true") boolean jsonSchemaWithTools,
        Map<String, String> reasoningEfforts,
        @DefaultValue("keep") ReasoningHistory reasoningHistory,
        @DefaultValue("true") boolean remoteImages,
        @DefaultValue("ask") StreamUsage streamUsage,
        @DefaultValue("false") boolean ownIds,
        List<String> plainModels) {

    public Quirks {
        knownParams = knownParams == null ? List.of() : List.copyOf(knownParams);
        dropParams = dropParams == null ? List.of() : List.copyOf(dropParams);
        rejectParams = rejectParams == null ? List.of() : List.copyOf(rejectParams);
        messageFields = messageFields == null ? List.of() : List.copyOf(messageFields);
        plainModels = plainModels == null ? List.of() : List.copyOf(plainModels);
        renameParams = renameParams == null ? Map.of() : Map.copyOf(renameParams);
        reasoningEfforts = reasoningEfforts == null ? Map.of() : Map.copyOf(reasoningEfforts);
    }

    /** Which field carries the output limit. */
    public enum MaxTokens {
        /** As sent, but {@code max_completion_tokens} for OpenAI's reasoning models, which refuse the other. */
        BY_MODEL,
        /** As sent. */
        KEEP,
        /** {@code max_tokens}. */
        MAX_TOKENS,
        /** {@code max_completion_tokens}. */
        MAX_COMPLETION_TOKENS
    }

    /** How a JSON schema is asked for. */
    public enum JsonSchema {
        /** As it is. */
        NATIVE,
        /** As {@code json_object}, with the schema in a system message. */
        PROMPT,
        /** Not at all: 400. */
        REJECT
    }

    /** What is sent back of earlier reasoning. */
    public enum ReasoningHistory {
        /** As it was. */
        KEEP,
        /** Nothing. */
        DROP,
        /** {@code reasoning_content} on every assistant message, empty when unknown. */
        REQUIRED,
        /** As the field {@code reasoning}. */
        AS_REASONING
    }

    /** Whether usage comes with a stream. */
    public enum StreamUsage {
        /** With {@code stream_options.include_usage}. */
        ASK,
        /** Always, and asking for it is an error. */
        ALWAYS
    }

    /** Whether a request can pass as bytes but for its top-level fields: no quirk looks inside one. */
    public boolean keepsMessages() {
        return developerRole
                && messageNames
                && messageFields.isEmpty()
                && strictTools
                && toolIdLength == 0
                && jsonSchema == JsonSchema.NATIVE
                && jsonSchemaWithTools
                && reasoningHistory == ReasoningHistory.KEEP
                && remoteImages;
    }
}
