package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mehari.chat.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;

/**
 * JSON Schema as the subset of OpenAPI's that models before Gemini 2.5 take: references are put in their place, choices
 * with {@code null} become {@code nullable}. A schema that holds itself ends where it begins anew. One instance a schema.
 *
 * <p>Source: protocols page of Gemini §5, state 2026-11-21.
 */
final class OpenApiSchema {
    private static final Set<String> KEPT = Set.of(
            "title",
            "description",
            "nullable",
            "minItems",
            "maxItems",
            "required",
            "minProperties",
            "maxProperties",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "example",
            "propertyOrdering",
            "default");

    private static final Map<String, Set<String>> FORMATS = Map.of(
            "string", Set.of("enum", "date-time"),
            "number", Set.of("float", "double"),
            "integer", Set.of("int32", "int64"));

    private final JsonNode root;
    private final Deque<String> open = new ArrayDeque<>();

    private OpenApiSchema(JsonNode root) {
        this.root = root;
    }

    static ObjectNode of(JsonNode schema) {
        return new OpenApiSchema(schema).subset(schema);
    }

    private ObjectNode subset(JsonNode schema) {
        ObjectNode made = Json.MAPPER.createObjectNode();
        schema.properties().forEach(field -> put(made, schema, field.getKey(), field.getValue()));
        return made;
    }

    private void put(ObjectNode made, JsonNode schema, String keyword, JsonNode value) {
        switch (keyword) {
            case "$ref" -> refer(made, value.asText());
            case "type" -> type(made, value);
            case "const" -> choices(made, Json.MAPPER.createArrayNode().add(value));
            case "enum" -> choices(made, value);
            case "format" -> {
                if (FORMATS.getOrDefault(schema.path("type").asText(), Set.of()).contains(value.asText())) {
                    made.set(keyword, value);
                }
            }
            case "properties" -> {
                ObjectNode properties = made.putObject(keyword);
                value.properties().forEach(field -> properties.set(field.getKey(), subset(field.getValue())));
            }
            case "items" -> made.set(keyword, subset(value));
            case "anyOf", "oneOf" -> anyOf(made, value);
            case "allOf" -> value.forEach(part -> GeminiSchema.merge(made, subset(part)));
            default -> {
                if (KEPT.contains(keyword)) {
                    made.set(keyword, value);
                }
            }
        }
    }

    private void refer(ObjectNode made, String reference) {
        if (reference.startsWith("#/") && !open.contains(reference)) {
            open.push(reference);
            GeminiSchema.merge(made, subset(root.at(reference.substring(1))));
            open.pop();
        } else if (!made.has("type")) {
            made.put("type", "object");
        }
    }

    private static void type(ObjectNode made, JsonNode type) {
        if (!type.isArray()) {
            made.set("type", type);
            return;
        }
        ArrayNode others = Json.MAPPER.createArrayNode();
        type.forEach(one -> {
            if (one.asText().equals("null")) {
                made.put("nullable", true);
            } else {
                others.add(one);
            }
        });
        if (others.size() == 1) {
            made.set("type", others.path(0));
        } else {
            ArrayNode any = made.putArray("anyOf");
            others.forEach(one -> any.addObject().set("type", one));
        }
    }

    /** Only texts can be chosen from. */
    private static void choices(ObjectNode made, JsonNode values) {
        ArrayNode texts = made.putArray("enum");
        values.forEach(value -> {
            if (value.isNull()) {
                made.put("nullable", true);
            } else {
                texts.add(value.isTextual() ? value : TextNode.valueOf(Json.text(value)));
            }
        });
        made.put("type", "string");
    }

    private void anyOf(ObjectNode made, JsonNode choices) {
        ArrayNode others = Json.MAPPER.createArrayNode();
        choices.forEach(choice -> {
            if (choice.path("type").asText().equals("null")) {
                made.put("nullable", true);
            } else {
                others.add(subset(choice));
            }
        });
        if (others.size() == 1) {
            GeminiSchema.merge(made, (ObjectNode) others.path(0));
        } else {
            made.set("anyOf", others);
        }
    }
}
