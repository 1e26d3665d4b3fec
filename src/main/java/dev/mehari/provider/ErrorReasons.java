package dev.mehari.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why it failed, where a provider says so beside the message: of some the message alone is "Provider returned error".
 *
 * <p>Source: OpenRouter, errors ({@code metadata.raw}); Groq ({@code failed_generation}); OpenAI ({@code misalignment});
 * Bedrock, ModelStreamErrorException ({@code originalMessage}); google.rpc.BadRequest and QuotaFailure; read 2026-11-21.
 */
final class ErrorReasons {
    private static final int MOST = 500;

    private ErrorReasons() {}

    /** The message, and behind it what it does not say. @param error the error object */
    static String added(String message, JsonNode error) {
        Set<String> reasons = new LinkedHashSet<>();
        add(reasons, "", ofUpstream(error.path("metadata")));
        add(reasons, "the model wrote: ", error.path("failed_generation").textValue());
        add(reasons, "", error.at("/misalignment/detailed_explanation").textValue());
        add(reasons, "", error.path("originalMessage").textValue());
        for (JsonNode detail : error.path("details")) {
            for (JsonNode fault : detail.path("fieldViolations")) {
                add(
                        reasons,
                        prefix(fault.path("field")),
                        fault.path("description").textValue());
            }
            for (JsonNode quota : detail.path("violations")) {
                add(
                        reasons,
                        prefix(quota.path("quotaId")),
                        quota.path("description").asText(quotaValue(quota)));
            }
        }
        reasons.removeIf(message::contains);
        return reasons.isEmpty() ? message : message + " (" + String.join("; ", reasons) + ")";
    }

    private static String prefix(JsonNode name) {
        return name.asText().isEmpty() ? "" : name.asText() + ": ";
    }

    private static @Nullable String quotaValue(JsonNode quota) {
        String value = quota.path("quotaValue").asText();
        return value.isEmpty() ? null : "the limit is " + value;
    }

    /** OpenRouter's: what the provider behind it answered, JSON or not, or why it moderated. */
    private static @Nullable String ofUpstream(JsonNode metadata) {
        JsonNode raw = metadata.path("raw");
        if (metadata.path("reasons").isArray() && !metadata.path("reasons").isEmpty()) {
            return Json.text(metadata.path("reasons"));
        }
        if (!raw.isObject() && raw.asText().isBlank()) {
            return null;
        }
        String who = metadata.path("provider_name").asText();
        return (who.isEmpty() ? "" : who + ": ") + words(raw);
    }

    private static String words(JsonNode raw) {
        try {
            JsonNode told = raw.isObject() ? raw : Json.MAPPER.readTree(raw.asText());
            return ErrorBody.read(told, "answered").message();
        } catch (IOException notJson) {
            return raw.asText();
        }
    }

    private static void add(Set<String> reasons, String before, @Nullable String reason) {
        if (reason != null && !reason.isBlank()) {
            String told = ErrorBody.masked(reason);
            reasons.add(before + (told.length() <= MOST ? told : told.substring(0, MOST) + "…"));
        }
    }
}
