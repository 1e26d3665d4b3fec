package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of content that any message may hold, tool results included. */
public sealed interface ContentPart extends AssistantPart {
    /** Whether the prompt up to and including this part is worth caching. */
    default @Nullable CacheMark cache() {
        return null;
    }

    /**
     * Text, never empty.
     *
     * @param annotations citations, raw, in the shape of the dialect they came in
     */
    record Text(
            String text,
            List<JsonNode> annotations,
            @Nullable CacheMark cache) implements ContentPart {
        public Text {
            annotations = List.copyOf(annotations);
        }

        public static Text of(String text) {
            return new Text(text, List.of(), null);
        }
    }

    /**
     * A picture.
     *
     * @param detail {@code auto}, {@code low}, {@code high} or {@code original}
     */
    record Image(
            MediaSource source,
            @Nullable String detail,
            @Nullable CacheMark cache) implements ContentPart {}

    /**
     * Sound.
     *
     * @param base64 the content, not decoded
     * @param format {@code wav}, {@code mp3}, …
     */
    record Audio(String base64, String format, @Nullable CacheMark cache) implements ContentPart {}

    /**
     * A file to read, most often PDF.
     *
     * @param name file name or title
     * @param extras what one protocol adds, such as Anthropic's {@code context} and {@code citations}
     */
    record Document(
            MediaSource source,
            @Nullable String name,
            @Nullable CacheMark cache,
            Extras extras) implements ContentPart {}

    /**
     * A block that only one protocol knows, such as Anthropic's {@code server_tool_use}. It goes back to that protocol
     * as it came; others leave it out.
     *
     * @param protocol the protocol's name in the settings, for example {@code anthropic}
     */
    record Opaque(String protocol, JsonNode block) implements ContentPart {}
}
