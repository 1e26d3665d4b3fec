package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The conversation that a request goes on with, as it was kept: items of the Responses API. Immutable; the JSON inside is
 * not to be changed.
 *
 * @param turns what was said so far, oldest first; read when first asked for, which may block
 * @param stored items that the request refers to by id
 * @param keeper the provider that keeps the conversation too, and goes on with it by its id; null when only we do
 */
public record History(
        Supplier<List<Turn>> turns,
        Map<String, JsonNode> stored,
        @Nullable String keeper) {

    /**
     * One request and its answer.
     *
     * @param maker the provider whose own items the answer holds; null when they were translated
     */
    public record Turn(@Nullable String maker, List<JsonNode> items) {
        public Turn {
            items = List.copyOf(items);
        }
    }

    public History {
        stored = Map.copyOf(stored);
    }

    /** Of a conversation that is at hand. */
    public static History of(List<JsonNode> items) {
        List<Turn> turns = List.of(new Turn(null, items));
        return new History(() -> turns, Map.of(), null);
    }

    /** All items, oldest first. */
    public List<JsonNode> items() {
        return turns.get().stream().flatMap(turn -> turn.items().stream()).toList();
    }

    /** The same for providers that keep nothing of it. */
    public History withoutKeeper() {
        return new History(turns, stored, null);
    }
}
