package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas as Anthropic takes them. The client's own are never changed.
 *
 * <p>Source: Anthropic's guide to structured outputs (JSON Schema limitations), read 2026-11-21. One instance a schema.
 */
public final class AnthropicSchema {
    private static final Set<String> TAKEN =
            Set.of("type", "required", "enum", "const", "description", "default", "title", "$ref");
    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    /** They say nothing about values. */
    private static final Set<String> NOTES = Set.of("$schema", "$id", "$anchor", "$comment");

    /** The guide allows 24 optional properties in all; compiling has been seen to fail from eleven on. */
    private static final int MOST_OPTIONAL = 10;

    private static final String DEFINITIONS = "#/$defs/";

    private final JsonNode definitions;
    private int optional;

    private AnthropicSchema(JsonNode root) {
        this.definitions = root.has("$defs") ? root.path("$defs") : root.path("definitions");
    }

    /**
     * The schema for answers and tools that must fit it exactly: objects closed, keywords that the grammar does not know
     * put into words.
     *
     * @return null when it cannot be said so: recursion, open maps, too many optional properties
     */
    public static @Nullable JsonNode strict(JsonNode schema) {
        try {
            AnthropicSchema sanitised = new AnthropicSchema(schema);
            sanitised.refuseRecursion(schema, new LinkedHashSet<>());
            ObjectNode closed = sanitised.closed(schema);
            return sanitised.optional > MOST_OPTIONAL ? null : closed;
        } catch (NotTaken e) {
            return null;
        }
    }

    /**
     * The schema of a tool's arguments: always an object, without alternatives at its root.
     *
     * @return null when it cannot be one
     */
    public static @Nullable JsonNode input(@Nullable JsonNode schema) {
        if (schema == null || schema.isEmpty()) {
            return object();
        }
        boolean alternatives = schema.has("oneOf") || schema.has("anyOf") || schema.has("allOf");
        JsonNode type = schema.path("type");
        if (type.isTextual() && !type.textValue().equals("object")) {
            return null;
        }
        return type.isTextual() && !alternatives ? schema : flattened((ObjectNode) schema.deepCopy());
    }

    private static ObjectNode object() {
        ObjectNode empty = JsonNodeFactory.instance.objectNode().put("type", "object");
        empty.putObject("properties");
        return empty;
    }

    /** Anthropic answers 400 to alternatives at the root: their properties become one object's, the rest goes in words. */
    private static ObjectNode flattened(ObjectNode schema) {
        ObjectNode flat = object();
        ObjectNode properties = (ObjectNode) flat.path("properties");
        Set<String> required = new LinkedHashSet<>();
        StringJoiner words = new StringJoiner("\n");
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
            JsonNode variants = schema.path(keyword);
            for (JsonNode variant : variants) {
                variant.path("properties").properties().forEach(each -> {
                    if (!properties.has(each.getKey())) {
                        properties.set(each.getKey(), each.getValue());
                    }
                });
                if (keyword.equals("allOf")) {
                    variant.path("required").forEach(name -> required.add(name.asText()));
                }
            }
            if (!variants.isMissingNode()) {
                words.add(keyword + ": " + Json.text(variants));
            }
        }
        schema.remove(List.of("type", "allOf", "anyOf", "oneOf", "required"));
        JsonNode own = schema.remove("properties");
        if (own instanceof ObjectNode fields) {
            properties.setAll(fields);
        }
        flat.setAll(schema);
        if (!required.isEmpty()) {
            ArrayNode names = flat.putArray("required");
            required.forEach(names::add);
        }
        if (words.length() > 0) {
            describe(flat, words.toString());
        }
        return flat;
    }

    private ObjectNode closed(JsonNode schema) {
        if (!schema.isObject() || schema.isEmpty()) {
            // Anything at all: the grammar would make {} of it.
            throw new NotTaken();
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        StringJoiner words = new StringJoiner(", ");
        schema.properties().forEach(field -> keyword(field.getKey(), field.getValue(), out, words));
        if (mayBeObject(schema)) {
            closeObject(schema, out);
        }
        if (words.length() > 0) {
            describe(out, words.toString());
        }
        return out;
    }

    private void keyword(String name, JsonNode value, ObjectNode out, StringJoiner words) {
        switch (name) {
            case "properties" -> out.set(name, each(value));
            case "$defs", "definitions" -> out.set("$defs", each(value));
            case "items" -> out.set(name, closed(value));
            case "anyOf", "oneOf" -> out.set("anyOf", all(value));
            case "allOf" -> {
                // Closed objects exclude one another.
                if (value.size() > 1) {
                    throw new NotTaken();
                }
                out.set(name, all(value));
            }
            case "$ref" -> out.put(name, DEFINITIONS + definition(value.asText()));
            case "format" -> {
                if (FORMATS.contains(value.asText())) {
                    out.set(name, value);
                } else {
                    words.add(name + ": " + value.asText());
                }
            }
            case "additionalProperties" -> {
                if (!value.isBoolean() || value.booleanValue()) {
                    throw new NotTaken();
                }
            }
            case "patternProperties", "prefixItems", "propertyNames", "unevaluatedProperties" -> throw new NotTaken();
            default -> {
                if (TAKEN.contains(name)) {
                    out.set(name, value);
                } else if (!NOTES.contains(name)) {
                    words.add(name + ": " + (value.isTextual() ? value.textValue() : Json.text(value)));
                }
            }
        }
    }

    private ObjectNode each(JsonNode schemas) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        schemas.properties().forEach(field -> out.set(field.getKey(), closed(field.getValue())));
        return out;
    }

    private ArrayNode all(JsonNode schemas) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        schemas.forEach(schema -> out.add(closed(schema)));
        return out;
    }

    private static boolean mayBeObject(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (one.asText().equals("object")) {
                    return true;
                }
            }
        }
        return type.asText().equals("object") || schema.has("properties");
    }

    private void closeObject(JsonNode schema, ObjectNode out) {
        boolean closed = schema.path("additionalProperties").isBoolean();
        if (schema.path("properties").isEmpty() && !closed) {
            throw new NotTaken();
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").fieldNames().forEachRemaining(name -> optional += required.contains(name) ? 0 : 1);
        out.put("additionalProperties", false);
    }

    private static void describe(ObjectNode schema, String words) {
        String known = schema.path("description").asText();
        schema.put("description", known.isEmpty() ? words : known + " (" + words + ")");
    }

    private static String definition(String ref) {
        for (String place : List.of(DEFINITIONS, "#/definitions/")) {
            if (ref.startsWith(place) && ref.indexOf('/', place.length()) < 0) {
                return ref.substring(place.length());
            }
        }
        throw new NotTaken();
    }

    /** Follows every reference; one that leads back to itself has no end. */
    private void refuseRecursion(JsonNode node, Set<String> within) {
        if (node.path("$ref").isTextual()) {
            String name = definition(node.path("$ref").textValue());
            if (!definitions.has(name) || !within.add(name)) {
                throw new NotTaken();
            }
            refuseRecursion(definitions.path(name), within);
            within.remove(name);
        }
        List<JsonNode> inner = new ArrayList<>();
        if (node.isObject()) {
            node.properties().forEach(field -> {
                if (!field.getKey().equals("$defs") && !field.getKey().equals("definitions")) {
                    inner.add(field.getValue());
                }
            });
        } else {
            node.forEach(inner::add);
        }
        inner.forEach(one -> refuseRecursion(one, within));
    }

    /** The schema says something that the grammar cannot. */
    private static final class NotTaken extends RuntimeException {
        NotTaken() {
            super(null, null, false, false);
        }
    }
}
