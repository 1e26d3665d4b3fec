package dev.mehari.dialect.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Extras;
import dev.mehari.dialect.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The fields of one request that the hub has no home for, each by its path without indexes
 * ({@code tools[].input_examples}): so that none is lost without a word. One instance a request.
 */
final class Leftovers {
    private final Map<String, JsonNode> fields = new LinkedHashMap<>();

    /**
     * Notes what an object holds beside the known.
     *
     * @param prefix what its fields are called, for example {@code tools[].}
     */
    void note(Fields object, String prefix, Set<String> known) {
        object.except(known).fields().forEach((name, value) -> fields.put(prefix + name, value));
    }

    void note(String name, JsonNode value) {
        fields.put(name, value);
    }

    Extras extras() {
        return fields.isEmpty() ? Extras.NONE : new Extras(fields);
    }
}
