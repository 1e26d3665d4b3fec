package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The form the answer's text must have. */
public sealed interface ResponseFormat {
    record Text() implements ResponseFormat {}

    /** Some JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * JSON that fits a schema.
     *
     * @param schema JSON Schema, raw: read it, never change it
     * @param strict whether it must fit exactly; null: the dialect's default
     */
    record JsonSchema(
            String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict) implements ResponseFormat {}
}
