package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.Set;
import java.util.TreeSet;

/**
 * JSON Schema as {@code responseJsonSchema} takes it: keywords that Google does not support would be passed over or
 * refused, so they are said in another way where there is one, and left out where there is none. Schemas given are not
 * changed.
 *
 * <p>Source: protocols page of Gemini §5, state 2026-11-21. {@link OpenApiSchema} writes the older subset.
 */
final class GeminiSchema {
    private static final Set<String> KEPT = Set.of(
            "$id",
            "$anchor",
            "type",
            "format",
            "title",
            "description",
            "enum",
            "minItems",
            "maxItems",
            "minimum",
            "maximum",
            "required",
            "propertyOrdering");

    /** They bind nobody, so that leaving them out loses nothing. */
    private static final Set<String> REMARKS =
            Set.of("$schema", "$comment", "default", "example", "examples", "deprecated", "readOnly", "writeOnly");

    private final Set<String> lost = new TreeSet<>();

    /** Keywords of the client's schema that bind and are not in what was made of it. */
    Set<String> lost() {
        return lost;
    }

    /** Whether it describes arguments that cannot be given: an object without properties. */
    static boolean isEmptyObject(JsonNode schema) {
        return schema.path("properties").isEmpty()
                && !schema.path("additionalProperties").isObject()
                && !schema.has("$ref")
                && !schema.has("anyOf")
                && !schema.has("oneOf")
                && !schema.has("allOf");
    }

    JsonNode supported(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode made = Json.MAPPER.createObjectNode();
        object.properties().forEach(field -> put(made, field.getKey(), field.getValue()));
        return made;
    }

    private void put(ObjectNode made, String keyword, JsonNode value) {
        switch (keyword) {
            case "$ref" -> made.put("$ref", value.asText().replace("#/definitions/", "#/$defs/"));
            case "const" -> made.putArray("enum").add(value);
            case "properties" -> made.set("properties", each(value));
            case "$defs", "definitions" -> made.set("$defs", each(value));
            case "additionalProperties" -> made.set(keyword, supported(value));
            case "items" ->
                made.set(value.isArray() ? "prefixItems" : "items", value.isArray() ? all(value) : supported(value));
            case "prefixItems", "anyOf", "oneOf" -> made.set(keyword, all(value));
            case "allOf" -> value.forEach(part -> merge(made, (ObjectNode) supported(object(part))));
            default -> {
                if (KEPT.contains(keyword)) {
                    made.set(keyword, value);
                } else if (!REMARKS.contains(keyword)) {
                    lost.add(keyword);
                }
            }
        }
    }

    private ObjectNode each(JsonNode named) {
        ObjectNode made = Json.MAPPER.createObjectNode();
        named.properties().forEach(field -> made.set(field.getKey(), supported(field.getValue())));
        return made;
    }

    private ArrayNode all(JsonNode list) {
        ArrayNode made = Json.MAPPER.createArrayNode();
        list.forEach(schema -> made.add(supported(schema)));
        return made;
    }

    static ObjectNode object(JsonNode schema) {
        return schema instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode();
    }

    /** What one schema says, added to what another says already: both must hold. */
    static void merge(ObjectNode into, ObjectNode part) {
        part.properties().forEach(field -> {
            JsonNode known = into.get(field.getKey());
            if (known instanceof ObjectNode object && field.getValue() instanceof ObjectNode more) {
                object.setAll(more);
            } else if (known instanceof ArrayNode list && field.getKey().equals("required")) {
                field.getValue().forEach(list::add);
            } else if (known == null) {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        });
    }
}
