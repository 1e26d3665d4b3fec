package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields without a typed home, by their name in the dialect they came in, in the order they stood. They are raw JSON:
 * read them, never change them.
 */
public record Extras(Map<String, JsonNode> fields) {
    public static final Extras NONE = new Extras(Map.of());

    public Extras {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public @Nullable JsonNode get(String name) {
        return fields.get(name);
    }

    public Extras without(String name) {
        Map<String, JsonNode> others = new LinkedHashMap<>(fields);
        others.remove(name);
        return new Extras(others);
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }
}
