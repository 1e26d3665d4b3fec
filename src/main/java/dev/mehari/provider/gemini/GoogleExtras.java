package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients of OpenAI's API say to Gemini beside it: {@code safety_settings}, and what Google's own OpenAI endpoint
 * takes in {@code extra_body.google} (or {@code google}): {@code thinking_config}, {@code cached_content} and
 * {@code safety_settings}. Source: ai.google.dev, OpenAI compatibility, read 2026-11-21.
 *
 * @param thinking as Gemini has it
 * @param safety a list of category and threshold
 * @param unknown fields that nobody reads, by their path
 */
record GoogleExtras(
        @Nullable JsonNode thinking,
        @Nullable String cachedContent,
        @Nullable JsonNode safety,
        List<String> unknown) {

    /** @throws InvalidRequest one has the wrong type */
    static GoogleExtras of(Extras extras) {
        JsonNode thinking = null;
        JsonNode cached = null;
        JsonNode safety = extras.get("safety_settings");
        List<String> unknown = new ArrayList<>(0);
        JsonNode body = extras.get("extra_body");
        if (body != null) {
            body.fieldNames().forEachRemaining(name -> {
                if (!name.equals("google")) {
                    unknown.add("extra_body." + name);
                }
            });
        }
        JsonNode google = body != null && body.has("google") ? body.path("google") : extras.get("google");
        if (google != null) {
            for (var field : google.properties()) {
                switch (field.getKey()) {
                    case "thinking_config", "thinkingConfig" -> thinking = field.getValue();
                    case "cached_content", "cachedContent" -> cached = field.getValue();
                    case "safety_settings", "safetySettings" -> safety = field.getValue();
                    default -> unknown.add("google." + field.getKey());
                }
            }
        }
        require(thinking == null || thinking.isObject(), "google.thinking_config", "an object");
        require(cached == null || cached.isTextual(), "google.cached_content", "the name of a cached content");
        require(safety == null || safety.isArray(), "safety_settings", "a list of category and threshold");
        return new GoogleExtras(
                thinking == null ? null : spelt(thinking, unknown),
                cached == null ? null : cached.textValue(),
                safety,
                unknown);
    }

    /** Google's OpenAI endpoint spells the fields with underscores. */
    private static JsonNode spelt(JsonNode thinking, List<String> unknown) {
        ObjectNode spelt = Json.MAPPER.createObjectNode();
        thinking.properties().forEach(field -> {
            switch (field.getKey()) {
                case "include_thoughts", "includeThoughts" -> spelt.set("includeThoughts", field.getValue());
                case "thinking_budget", "thinkingBudget" -> spelt.set("thinkingBudget", field.getValue());
                case "thinking_level", "thinkingLevel" -> spelt.set("thinkingLevel", field.getValue());
                default -> unknown.add("google.thinking_config." + field.getKey());
            }
        });
        return spelt;
    }

    private static void require(boolean fits, String field, String expected) {
        if (!fits) {
            throw new InvalidRequest("invalid_type", field, "Invalid type for '" + field + "': expected " + expected);
        }
    }
}
