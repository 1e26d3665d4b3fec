package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A tool the model may ask for. Schemas are raw JSON: read them, never change them. */
public sealed interface Tool {
    String name();

    /**
     * A function of the client's.
     *
     * @param parameters JSON Schema of its arguments; null: it takes none
     * @param strict whether the arguments must fit the schema exactly; null: the dialect's default
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            @Nullable Boolean strict,
            @Nullable CacheMark cache)
            implements Tool {}

    /**
     * A tool that takes free text.
     *
     * @param format raw: plain text or a grammar; null: plain text
     */
    record Custom(
            String name,
            @Nullable String description,
            @Nullable JsonNode format) implements Tool {}

    /**
     * A tool the provider runs itself, such as {@code web_search}.
     *
     * @param type its type, which is its name too
     * @param definition raw, as the client wrote it
     */
    record BuiltIn(String type, JsonNode definition) implements Tool {
        @Override
        public String name() {
            return type;
        }
    }
}
