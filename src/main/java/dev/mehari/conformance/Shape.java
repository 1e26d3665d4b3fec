package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which fields JSON has, and of which types: {@code choices[].message.content} is {@code string}. Elements of an array
 * are taken together.
 */
final class Shape {
    private final Map<String, Set<String>> types = new TreeMap<>();

    static Shape of(JsonNode json) {
        return new Shape().add(json);
    }

    Shape add(JsonNode json) {
        walk("", json);
        return this;
    }

    /** Types by path. */
    Map<String, Set<String>> types() {
        return types;
    }

    private void walk(String path, JsonNode node) {
        types.computeIfAbsent(path, any -> new TreeSet<>()).add(type(node));
        if (node.isObject()) {
            node.properties()
                    .forEach(field ->
                            walk(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue()));
        } else {
            node.forEach(element -> walk(path + "[]", element));
        }
    }

    private static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> node.isIntegralNumber() ? "integer" : "number";
            case POJO -> "number";
            case NULL -> "null";
            case MISSING -> "no JSON";
        };
    }
}
