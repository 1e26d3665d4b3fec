package dev.mehari.usage.trace;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.usage.GenAi;
import dev.mehari.usage.PlainText;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a trace tells of a request besides its words. Read while the request is still there, as the request itself is not to
 * be kept. Immutable.
 *
 * @param parameters {@code gen_ai.request.*}
 * @param traceName {@code metadata.trace_name}; null: none was given
 * @param user {@code metadata.trace_user_id}; null: none was given
 * @param session {@code metadata.session_id}; null: none was given
 * @param tags {@code metadata.tags}, a list or words with commas between them
 * @param metadata what else is in {@code metadata}
 */
record Asked(
        Attributes parameters,
        @Nullable String traceName,
        @Nullable String user,
        @Nullable String session,
        List<String> tags,
        Map<String, String> metadata) {
    static final Asked NOTHING = new Asked(Attributes.empty(), null, null, null, List.of(), Map.of());

    /** Longer ones are not metadata, and reading them would cost the call. */
    private static final int MOST_METADATA_BYTES = 8 * 1024;

    private static final int LONGEST_VALUE = 200;

    static Asked of(@Nullable RequestFacts request) {
        if (request == null) {
            return NOTHING;
        }
        JsonObject raw = request.raw();
        AttributesBuilder parameters = Attributes.builder();
        parameters.put(GenAi.STREAM, request.stream());
        if (request.maxTokens() != null) {
            parameters.put(GenAi.MAX_TOKENS, request.maxTokens());
        }
        JsonNode metadata = null;
        for (JsonObject.Field field : raw.fields()) {
            if (field.name().equals("metadata") && field.end() - field.valueStart() <= MOST_METADATA_BYTES) {
                metadata = raw.tree(field);
            } else {
                parameter(raw, field, parameters);
            }
        }
        return with(parameters.build(), metadata);
    }

    private static void parameter(JsonObject raw, JsonObject.Field field, AttributesBuilder to) {
        switch (field.name()) {
            case "temperature" -> number(raw, field, value -> to.put(GenAi.TEMPERATURE, value.doubleValue()));
            case "top_p" -> number(raw, field, value -> to.put(GenAi.TOP_P, value.doubleValue()));
            case "top_k" -> number(raw, field, value -> to.put(GenAi.TOP_K, value.doubleValue()));
            case "frequency_penalty" ->
                number(raw, field, value -> to.put(GenAi.FREQUENCY_PENALTY, value.doubleValue()));
            case "presence_penalty" -> number(raw, field, value -> to.put(GenAi.PRESENCE_PENALTY, value.doubleValue()));
            case "seed" -> number(raw, field, value -> to.put(GenAi.SEED, value.longValue()));
            case "n" -> number(raw, field, value -> to.put(GenAi.CHOICES, value.longValue()));
            case "stop", "stop_sequences" -> to.put(GenAi.STOP, list(raw.tree(field)));
            default -> {}
        }
    }

    private static void number(JsonObject raw, JsonObject.Field field, Consumer<JsonNode> to) {
        if (field.kind() == JsonToken.VALUE_NUMBER_INT || field.kind() == JsonToken.VALUE_NUMBER_FLOAT) {
            to.accept(raw.tree(field));
        }
    }

    private static Asked with(Attributes parameters, @Nullable JsonNode metadata) {
        if (metadata == null || !metadata.isObject()) {
            return new Asked(parameters, null, null, null, List.of(), Map.of());
        }
        Map<String, String> rest = new LinkedHashMap<>();
        metadata.properties().forEach(entry -> {
            switch (entry.getKey()) {
                case "trace_name", "trace_user_id", "session_id", "tags" -> {}
                default -> rest.put(PlainText.of(entry.getKey(), LONGEST_VALUE), text(entry.getValue()));
            }
        });
        return new Asked(
                parameters,
                given(metadata.get("trace_name")),
                given(metadata.get("trace_user_id")),
                given(metadata.get("session_id")),
                tags(metadata.path("tags")),
                rest);
    }

    private static @Nullable String given(@Nullable JsonNode value) {
        return value == null || !value.isTextual() || value.asText().isBlank() ? null : text(value);
    }

    private static List<String> tags(JsonNode value) {
        if (!value.isTextual()) {
            return list(value);
        }
        List<String> tags = new ArrayList<>();
        for (String word : value.asText().split(",")) {
            tags.add(PlainText.of(word.strip(), LONGEST_VALUE));
        }
        return tags;
    }

    private static List<String> list(JsonNode value) {
        if (value.isTextual()) {
            return List.of(text(value));
        }
        List<String> texts = new ArrayList<>();
        value.forEach(each -> texts.add(text(each)));
        return texts;
    }

    private static String text(JsonNode value) {
        return PlainText.of(value.isTextual() ? value.asText() : value.toString(), LONGEST_VALUE);
    }
}
