package dev.mehari.provider.demo;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value that fits a JSON Schema, always the same one: every property, the first of an enum, the first branch
 * of a choice that is not null. A schema that refers to itself gets as far as it can: optional properties that would
 * go round are left out, lists are empty.
 *
 * <p>Not honoured: {@code pattern}, {@code not}, {@code uniqueItems}, {@code dependent…}, conditions, and references to
 * other documents. One instance a schema.
 */
final class SchemaSample {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 64;
    private static final int LONGEST_LIST = 16;

    private final JsonNode root;
    private final Set<String> open = new HashSet<>();

    /** How many more nodes may be made: a schema can unfold to 2^n of them. */
    private int left = 5000;

    private SchemaSample(JsonNode root) {
        this.root = root;
    }

    /** A value that fits; an empty object when none can be made. */
    static JsonNode of(JsonNode schema) {
        JsonNode sample = new SchemaSample(schema).sample(schema, 0);
        return sample == null ? NODES.objectNode() : sample;
    }

    /** Null when no value can be made. */
    private @Nullable JsonNode sample(JsonNode schema, int depth) {
        if (depth > DEEPEST || --left < 0 || (schema.isBoolean() && !schema.booleanValue())) {
            return null;
        }
        if (schema.path("$ref").isTextual()) {
            return referenced(schema.path("$ref").textValue(), depth);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.path("enum").isArray() && !schema.path("enum").isEmpty()) {
            return schema.path("enum").get(0);
        }
        boolean shaped = schema.has("type") || schema.has("properties");
        for (String choice : new String[] {"anyOf", "oneOf"}) {
            // Beside a shape of its own, branches mostly say which properties belong together; all of them are made.
            if (!shaped && schema.path(choice).isArray()) {
                return firstOf(schema.path(choice), depth);
            }
        }
        if (schema.path("allOf").isArray()) {
            return merged(schema, depth);
        }
        return ofType(type(schema), schema, depth);
    }

    private @Nullable JsonNode ofType(String type, JsonNode schema, int depth) {
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" -> SampleScalars.number(schema, true);
            case "number" -> SampleScalars.number(schema, false);
            case "boolean" -> BooleanNode.TRUE;
            case "null" -> NullNode.getInstance();
            default -> SampleScalars.string(schema);
        };
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (!one.asText().equals("null")) {
                    return one.asText();
                }
            }
            return "null";
        }
        if (type.isTextual()) {
            return type.textValue();
        }
        boolean list = schema.has("items") || schema.has("prefixItems");
        return schema.has("properties") || schema.has("required") ? "object" : list ? "array" : "string";
    }

    private @Nullable JsonNode object(JsonNode schema, int depth) {
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        ObjectNode object = NODES.objectNode();
        for (var property : schema.path("properties").properties()) {
            JsonNode value = sample(property.getValue(), depth + 1);
            if (value != null) {
                object.set(property.getKey(), value);
            } else if (required.contains(property.getKey())) {
                return null;
            }
        }
        for (JsonNode name : schema.path("required")) {
            if (!object.has(name.asText())) {
                JsonNode others = schema.path("additionalProperties");
                JsonNode value = sample(others.isObject() ? others : BooleanNode.TRUE, depth + 1);
                if (value == null) {
                    return null;
                }
                object.set(name.asText(), value);
            }
        }
        return object;
    }

    private @Nullable JsonNode array(JsonNode schema, int depth) {
        ArrayNode array = NODES.arrayNode();
        JsonNode first = schema.path("prefixItems");
        int least = Math.min(LONGEST_LIST, schema.path("minItems").asInt(0));
        int wanted = Math.min(
                Math.max(Math.max(1, least), Math.min(LONGEST_LIST, first.size())),
                schema.path("maxItems").asInt(LONGEST_LIST));
        for (int i = 0; i < wanted; i++) {
            JsonNode items = schema.path("items");
            JsonNode item = sample(
                    i < first.size() ? first.get(i) : items.isMissingNode() ? BooleanNode.TRUE : items, depth + 1);
            if (item == null) {
                return i < least ? null : array;
            }
            array.add(item);
        }
        return array;
    }

    private @Nullable JsonNode firstOf(JsonNode branches, int depth) {
        JsonNode nothing = null;
        for (JsonNode branch : branches) {
            JsonNode value = sample(branch, depth + 1);
            if (value != null && !value.isNull()) {
                return value;
            }
            nothing = value == null ? nothing : value;
        }
        return nothing;
    }

    /** All branches at once, together with the schema's own properties. */
    private @Nullable JsonNode merged(JsonNode schema, int depth) {
        ObjectNode merged = NODES.objectNode();
        for (JsonNode branch : schema.path("allOf")) {
            JsonNode value = sample(branch, depth + 1);
            if (!(value instanceof ObjectNode object)) {
                return value;
            }
            merged.setAll(object);
        }
        JsonNode own = object(schema, depth + 1);
        return own instanceof ObjectNode object ? merged.setAll(object) : null;
    }

    private @Nullable JsonNode referenced(String reference, int depth) {
        if (!reference.startsWith("#") || (reference.length() > 1 && reference.charAt(1) != '/')) {
            return null;
        }
        if (!open.add(reference)) {
            return null;
        }
        JsonNode target = root.at(JsonPointer.compile(reference.substring(1)));
        JsonNode value = target.isMissingNode() ? null : sample(target, depth + 1);
        open.remove(reference);
        return value;
    }
}
