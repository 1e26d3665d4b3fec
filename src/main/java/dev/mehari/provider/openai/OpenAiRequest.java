package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.config.Quirks;
import dev.mehari.config.Quirks.JsonSchema;
import dev.mehari.config.Quirks.StreamUsage;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the upstream's request out of the client's: field by field, as the bytes they came in, but for those that must
 * change. One instance a request.
 */
final class OpenAiRequest {
    /**
     * Never sent on. What would steer or re-credential the upstream (field notes of other gateways: key theft through
     * {@code api_base}), and what voice platforms add, which OpenAI answers with 400 (Vapi custom LLM, read 2026-11-21).
     */
    private static final Set<String> NEVER = Set.of(
            "api_key",
            "api_base",
            "base_url",
            "extra_headers",
            "headers",
            "organization",
            "call",
            "phoneNumber",
            "customer",
            "timestamp",
            "assistant",
            "credentials",
            "elevenlabs_extra_body",
            "cache");

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WITH_USAGE = "{\"include_usage\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] THINKING_OFF = "{\"type\":\"disabled\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JSON_OBJECT = "{\"type\":\"json_object\"}".getBytes(StandardCharsets.US_ASCII);

    private final Ask ask;
    private final JsonObject raw;
    private final Quirks quirks;
    private final List<String> dropped;
    private final JsonObject.Copy copy;
    private final ByteSink out;

    /** @param dropped gets the names of fields that the provider does not take */
    OpenAiRequest(Ask ask, List<String> dropped) {
        this.ask = ask;
        this.raw = ask.request().raw();
        this.quirks = ask.provider().quirks();
        this.dropped = dropped;
        this.out = new ByteSink(raw.bytes().length + 128);
        this.copy = new JsonObject.Copy(out);
    }

    /** @throws InvalidRequest a field changes the answer and the provider cannot honour it */
    byte[] encode() {
        copy.put("model", Json.quote(ask.model()));
        for (Field field : raw.fields()) {
            if (!NEVER.contains(field.name())) {
                write(field);
            }
        }
        if (ask.stream()) {
            if (!raw.has("stream")) {
                copy.put("stream", TRUE);
            }
            if (!raw.has("stream_options") && quirks.streamUsage() == StreamUsage.ASK) {
                copy.put("stream_options", WITH_USAGE);
            }
        }
        copy.end();
        return out.take();
    }

    private void write(Field field) {
        switch (field.name()) {
            case "model" -> {}
            case "stream" -> writeStream(field);
            case "stream_options" -> writeStreamOptions(field);
            case "provider" -> {
                // A string chose our provider; an object is OpenRouter's own.
                if (field.kind() == JsonToken.START_OBJECT) {
                    writeByName(field);
                }
            }
            case "metadata" -> {
                if (isMapOfStrings(field)) {
                    writeByName(field);
                }
            }
            case "max_tokens", "max_completion_tokens" -> writeMaxTokens(field);
            case "n" -> writeChoices(field);
            case "tool_choice" -> writeToolChoice(field);
            case "reasoning_effort" -> writeEffort(field);
            case "response_format" -> writeFormat(field);
            case "messages", "tools" -> writeDeep(field);
            default -> writeByName(field);
        }
    }

    private void writeStream(Field field) {
        if (ask.stream()) {
            if (field.kind() != JsonToken.VALUE_NULL) {
                copy.put("stream", TRUE);
            }
        } else if (field.kind() != JsonToken.VALUE_NULL) {
            copy.keep(raw, field);
        }
    }

    private void writeStreamOptions(Field field) {
        if (quirks.streamUsage() == StreamUsage.ALWAYS) {
            return;
        }
        if (!ask.stream() || ask.request().includeUsage()) {
            copy.keep(raw, field);
        } else if (field.kind() == JsonToken.START_OBJECT) {
            ObjectNode options = (ObjectNode) tree(field);
            copy.put("stream_options", Json.bytes(options.put("include_usage", true)));
        }
    }

    private void writeMaxTokens(Field field) {
        boolean older = field.name().equals("max_tokens");
        if (field.kind() == JsonToken.VALUE_NULL || (older && raw.has("max_completion_tokens"))) {
            return;
        }
        String name =
                switch (quirks.maxTokensField()) {
                    case KEEP -> field.name();
                    case MAX_TOKENS -> "max_tokens";
                    case MAX_COMPLETION_TOKENS -> "max_completion_tokens";
                    case BY_MODEL -> isReasoningModel(ask.model()) ? "max_completion_tokens" : field.name();
                };
        copy.rename(raw, field, name);
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

    private void writeChoices(Field field) {
        if (!quirks.singleChoice()) {
            writeByName(field);
        } else if (field.kind() != JsonToken.VALUE_NULL && tree(field).asInt() != 1) {
            throw unsupported("n", "n must be 1: provider \"" + ask.provider().name() + "\" gives one choice only");
        }
    }

    private void writeToolChoice(Field field) {
        String word = field.kind() == JsonToken.VALUE_STRING ? tree(field).asText() : "";
        boolean named = field.kind() == JsonToken.START_OBJECT
                && quirks.requiredToolChoice().equals("drop");
        if ((!word.equals("required") && !named) || quirks.requiredToolChoice().equals("required")) {
            writeByName(field);
        } else if (quirks.requiredToolChoice().equals("drop")) {
            dropped.add(field.name());
        } else {
            copy.put(field.name(), Json.quote(quirks.requiredToolChoice()));
        }
    }

    private void writeEffort(Field field) {
        String effort = field.kind() == JsonToken.VALUE_STRING ? tree(field).asText() : "";
        String theirs = quirks.reasoningEfforts().get(effort);
        if (theirs == null) {
            writeByName(field);
        } else if (theirs.equals("drop")) {
            dropped.add(field.name());
        } else if (theirs.equals("thinking-off")) {
            if (!raw.has("thinking")) {
                copy.put("thinking", THINKING_OFF);
            }
        } else {
            copy.put(field.name(), Json.quote(theirs));
        }
    }

    private void writeFormat(Field field) {
        String type = formatType();
        if (type.equals("text") && !quirks.textFormat()) {
            return;
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
            writeByName(field);
        } else if (quirks.jsonSchema() == JsonSchema.PROMPT) {
            copy.put(field.name(), JSON_OBJECT);
        } else {
            throw unsupported(
                    "response_format",
                    "response_format json_schema is not supported by provider \""
                            + ask.provider().name() + "\"");
        }
    }

    private String formatType() {
        Field field = raw.field("response_format");
        return field == null ? "" : tree(field).path("type").asText();
    }

    private void writeDeep(Field field) {
        if (quirks.keepsMessages() || field.kind() != JsonToken.START_ARRAY) {
            writeByName(field);
        } else if (field.name().equals("tools")) {
            copy.put("tools", Json.bytes(OpenAiMessages.tools(tree(field), quirks)));
        } else {
            copy.put("messages", Json.bytes(OpenAiMessages.messages(tree(field), quirks, schemaToPrompt())));
        }
    }

    /** The schema to put into words, for a provider that knows only JSON as such. */
    private @Nullable JsonNode schemaToPrompt() {
        Field field = raw.field("response_format");
        return field != null
                        && quirks.jsonSchema() == JsonSchema.PROMPT
                        && formatType().equals("json_schema")
                ? tree(field).path("json_schema").get("schema")
                : null;
    }

    private void writeByName(Field field) {
        String name = field.name();
        boolean empty = asksNothing(field);
        boolean unknown = !quirks.knownParams().isEmpty()
                && !quirks.knownParams().contains(quirks.renameParams().getOrDefault(name, name));
        if (quirks.rejectParams().contains(name)) {
            if (!empty) {
                throw unsupported(
                        name,
                        name + " is not supported by provider \""
                                + ask.provider().name() + "\"");
            }
        } else if (quirks.renameParams().containsKey(name)) {
            rename(field, quirks.renameParams().getOrDefault(name, name));
        } else if (unknown || quirks.dropParams().contains(name)) {
            if (!empty) {
                dropped.add(name);
            }
        } else {
            copy.keep(raw, field);
        }
    }

    /** Given under the provider's own name too, that one stands. */
    private void rename(Field field, String name) {
        if (raw.has(name)) {
            return;
        }
        if (name.equals("user_id") && field.kind() == JsonToken.VALUE_STRING) {
            // DeepSeek: [A-Za-z0-9_-]{1,512}; an address of mail is answered with 422.
            String id = tree(field).asText().replaceAll("[^A-Za-z0-9_-]", "_");
            copy.put(name, Json.quote(id.substring(0, Math.min(512, id.length()))));
        } else {
            copy.rename(raw, field, name);
        }
    }

    /** Whether leaving the field out changes nothing: clients write defaults out. */
    private boolean asksNothing(Field field) {
        return switch (field.kind()) {
            case VALUE_NULL, VALUE_FALSE -> true;
            case START_OBJECT -> tree(field).isEmpty();
            case START_ARRAY -> {
                JsonNode list = tree(field);
                yield list.isEmpty()
                        || (list.size() == 1 && list.path(0).asText().equals("text"));
            }
            default -> false;
        };
    }

    /** OpenAI's metadata maps strings to strings; a voice platform's is any object, and would be answered with 400. */
    private boolean isMapOfStrings(Field field) {
        if (field.kind() != JsonToken.START_OBJECT) {
            return false;
        }
        try (JsonParser value = parser(field)) {
            value.nextToken();
            while (value.nextToken() == JsonToken.FIELD_NAME) {
                if (value.nextToken() != JsonToken.VALUE_STRING) {
                    return false;
                }
            }
            return true;
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    private JsonParser parser(Field field) throws IOException {
        return Json.FACTORY.createParser(raw.bytes(), field.valueStart(), field.end() - field.valueStart());
    }

    private JsonNode tree(Field field) {
        try (JsonParser value = parser(field)) {
            return Json.MAPPER.readTree(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    private static InvalidRequest unsupported(String param, String message) {
        return new InvalidRequest("unsupported_parameter", param, message);
    }
}
