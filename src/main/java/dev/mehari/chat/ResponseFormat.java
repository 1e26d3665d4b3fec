package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
            @Nullable Boolean strict) implements ResponseFormat {

        /** The schema with the description in it, unless it has its own: for providers that have no other place. */
        public JsonNode described() {
            return description == null || description.isBlank() || schema.has("description") || !schema.isObject()
                    ? schema
                    : ((ObjectNode) schema.deepCopy()).put("description", description);
        }
    }
}
