package dev.mehari.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Extras;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The fields of one request that the hub has no home for, each by its path without indexes
 * ({@code tools[].input_examples}): so that none is lost without a word. One instance a request.
 */
public final class Leftovers {
    private final Map<String, JsonNode> fields = new LinkedHashMap<>();

    /**
     * Notes what an object holds beside the known.
     *
     * @param prefix what its fields are called, for example {@code tools[].}; empty for the request itself
     */
    public void note(Fields object, String prefix, Set<String> known) {
        object.except(known).fields().forEach((name, value) -> note(prefix + name, value));
    }

    /** The same, but for empty ones: clients send back what a model said, with its {@code "annotations":[]}. */
    public void noteFilled(Fields object, String prefix, Set<String> known) {
        noteFilled(object.except(known), prefix);
    }

    public void noteFilled(Extras extras, String prefix) {
        extras.fields().forEach((name, value) -> {
            if (!isEmpty(value)) {
                note(prefix + name, value);
            }
        });
    }

    public void note(String name, JsonNode value) {
        fields.put(name, value);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainerNode() ? value.isEmpty() : value.asText().isEmpty();
    }

    public Extras extras() {
        return fields.isEmpty() ? Extras.NONE : new Extras(fields);
    }
}
