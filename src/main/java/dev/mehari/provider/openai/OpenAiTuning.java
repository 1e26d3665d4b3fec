package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.config.Quirks;
import dev.mehari.config.Quirks.JsonSchema;
import dev.mehari.provider.Ask;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request fields whose value hosts understand differently: output limit, number of choices, tool choice, reasoning
 * effort, answer format. One instance a request.
 */
final class OpenAiTuning {
    private static final byte[] THINKING_OFF = "{\"type\":\"disabled\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JSON_OBJECT = "{\"type\":\"json_object\"}".getBytes(StandardCharsets.US_ASCII);

    private final Ask ask;
    private final String model;
    private final JsonObject raw;
    private final Quirks quirks;
    private final JsonObject.Copy copy;
    private final List<String> dropped;

    /** @param model which of OpenAI's models is asked */
    OpenAiTuning(Ask ask, String model, JsonObject.Copy copy, List<String> dropped) {
        this.ask = ask;
        this.model = model;
        this.raw = ask.request().raw();
        this.quirks = ask.provider().quirks();
        this.copy = copy;
        this.dropped = dropped;
    }

    /**
     * Writes or leaves out the field when its value needs that.
     *
     * @return false: it is one like any other
     * @throws InvalidRequest the provider cannot do what it asks for
     */
    boolean write(Field field) {
        return switch (field.name()) {
            case "max_tokens", "max_completion_tokens" -> maxTokens(field);
            case "n" -> choices(field);
            case "tool_choice" -> toolChoice(field);
            case "reasoning_effort" -> effort(field);
            case "response_format" -> format(field);
            default -> false;
        };
    }

    private boolean maxTokens(Field field) {
        boolean older = field.name().equals("max_tokens");
        if (field.kind() != JsonToken.VALUE_NULL && !(older && raw.has("max_completion_tokens"))) {
            copy.rename(
                    raw,
                    field,
                    switch (quirks.maxTokensField()) {
                        case KEEP -> field.name();
                        case MAX_TOKENS -> "max_tokens";
                        case MAX_COMPLETION_TOKENS -> "max_completion_tokens";
                        case BY_MODEL -> isReasoningModel(model) ? "max_completion_tokens" : field.name();
                    });
        }
        return true;
    }

    /** OpenAI answers 400 to max_tokens for these; the API reference names the families, read 2026-11-21. */
    private static boolean isReasoningModel(String asked) {
        String model = asked.startsWith("ft:") ? asked.substring(3) : asked;
        return model.startsWith("o1")
                || model.startsWith("o3")
                || model.startsWith("o4")
                || model.startsWith("gpt-5")
                || model.startsWith("gpt-6");
    }

    private boolean choices(Field field) {
        if (!quirks.singleChoice()) {
            return false;
        }
        if (field.kind() != JsonToken.VALUE_NULL && raw.tree(field).asInt() != 1) {
            throw unsupported("n", "n must be 1: provider \"" + ask.provider().name() + "\" gives one choice only");
        }
        return true;
    }

    private boolean toolChoice(Field field) {
        String theirs = quirks.requiredToolChoice();
        boolean drop = theirs.equals("drop");
        boolean forced = raw.text(field).equals("required") || (drop && field.kind() == JsonToken.START_OBJECT);
        if (!forced || theirs.equals("required")) {
            return false;
        }
        if (drop) {
            dropped.add(field.name());
        } else {
            copy.put(field.name(), Json.quote(theirs));
        }
        return true;
    }

    private boolean effort(Field field) {
        String theirs = quirks.reasoningEfforts().get(raw.text(field));
        if (theirs == null) {
            return false;
        }
        if (theirs.equals("drop")) {
            dropped.add(field.name());
        } else if (!theirs.equals("thinking-off")) {
            copy.put(field.name(), Json.quote(theirs));
        } else if (!raw.has("thinking")) {
            copy.put("thinking", THINKING_OFF);
        }
        return true;
    }

    private boolean format(Field field) {
        if (quirks.textFormat() && quirks.jsonSchemaWithTools() && quirks.jsonSchema() == JsonSchema.NATIVE) {
            return false;
        }
        String type = formatType();
        if (type.equals("text") && !quirks.textFormat()) {
            return true;
        }
        if (type.startsWith("json")
                && !quirks.jsonSchemaWithTools()
                && ask.request().hasTools()) {
            throw unsupported(
                    "response_format",
                    "response_format and tools do not go together at provider \""
                            + ask.provider().name() + "\": send one of them");
        }
        if (!type.equals("json_schema") || quirks.jsonSchema() == JsonSchema.NATIVE) {
            return false;
        }
        if (quirks.jsonSchema() == JsonSchema.REJECT) {
            throw unsupported(
                    "response_format",
                    "response_format json_schema is not supported by provider \""
                            + ask.provider().name() + "\"");
        }
        copy.put(field.name(), JSON_OBJECT);
        return true;
    }

    private String formatType() {
        Field field = raw.field("response_format");
        return field == null ? "" : raw.tree(field).path("type").asText();
    }

    /** The schema to put into words, for a provider that knows only JSON as such. */
    @Nullable
    JsonNode schemaToPrompt() {
        Field field = raw.field("response_format");
        return field != null
                        && quirks.jsonSchema() == JsonSchema.PROMPT
                        && formatType().equals("json_schema")
                ? raw.tree(field).path("json_schema").get("schema")
                : null;
    }

    static InvalidRequest unsupported(String param, String message) {
        return new InvalidRequest("unsupported_parameter", param, message);
    }
}
