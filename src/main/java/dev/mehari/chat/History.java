package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conversation that a request goes on with, as it was kept: items of the Responses API. Immutable; the JSON inside is
 * not to be changed.
 *
 * @param items what was said so far, oldest first
 * @param stored items that the request refers to by id
 * @param keeper the provider that keeps the conversation too, and goes on with it by its id; null when only we do
 */
public record History(
        List<JsonNode> items,
        Map<String, JsonNode> stored,
        @Nullable String keeper) {
    public History {
        items = List.copyOf(items);
        stored = Map.copyOf(stored);
    }
}
