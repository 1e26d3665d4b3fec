package dev.mehari.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON factory and tree mapper of the gateway, and JSON strings written by hand. Thread-safe.
 *
 * <p>Numbers keep their digits: floats are read as {@code BigDecimal} with their trailing zeros, big integers stay
 * whole, so that what passes through a tree comes out as it went in.
 */
public final class Json {
    /** Nesting up to 1000, strings up to 256 MiB (images inside a prompt), numbers up to 1000 digits. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1000)
                    .maxStringLength(256 * 1024 * 1024)
                    .maxNumberLength(1000)
                    .build())
            // What was read at the greatest depth is written within objects of ours.
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(2000).build())
            // Buffers shared by all threads: one pool a thread would be one a virtual thread, that is, none.
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            // Field names come from clients: interning them would fill a table that never empties.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Reads and writes trees over {@link #FACTORY}. Text after the value is an error. */
    public static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .addModule(new SimpleModule("trees").addDeserializer(JsonNode.class, new JsonTreeReader()))
            .build();

    private static final ObjectReader VALUE = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Below it every whole number is a double too. */
    private static final double MOST_COUNTED = 1L << 53;

    private Json() {}

    /**
     * JSON that was read once before, and so is known to be whole, as a tree.
     *
     * @throws UncheckedIOException it is not
     */
    public static JsonNode tree(byte[] scanned) {
        try {
            return MAPPER.readTree(scanned);
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    /** The value that a parser stands on, read to its last token; what follows is the caller's. */
    public static JsonNode tree(JsonParser parser) throws IOException {
        return VALUE.readTree(parser);
    }

    /** The number that a parser stands on as a count; -1, which no count is, for one that is beyond all of them. */
    public static long count(JsonParser parser) throws IOException {
        double about = parser.getDoubleValue();
        return Math.abs(about) < MOST_COUNTED ? (long) about : -1;
    }

    /** An object with that field set; a new one where there was none. */
    public static ObjectNode with(@Nullable ObjectNode known, String name, JsonNode value) {
        ObjectNode object = known == null ? MAPPER.createObjectNode() : known;
        return object.set(name, value);
    }

    /** A tree as compact JSON text. */
    public static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tree as compact UTF-8 JSON. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether that text is one JSON object and nothing else, so that it can stand where an object must. */
    public static boolean isObject(String json) {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }

    /** A JSON value within bytes that were parsed already, as text without the blanks between its tokens. */
    public static String compact(byte[] json, int start, int end) {
        byte[] kept = new byte[end - start];
        int length = 0;
        boolean inText = false;
        for (int i = start; i < end; i++) {
            byte b = json[i];
            if (inText && b == '\\') {
                kept[length++] = b;
                b = json[++i];
            } else if (b == '"') {
                inText = !inText;
            } else if (!inText && b <= ' ' && b >= 0) {
                continue;
            }
            kept[length++] = b;
        }
        return new String(kept, 0, length, StandardCharsets.UTF_8);
    }

    /** Text as a JSON string in UTF-8, quotes included. */
    public static byte[] quote(String text) {
        return quoted(text).getBytes(StandardCharsets.UTF_8);
    }

    /** Appends text as a JSON string, quotes included. */
    public static ByteSink quote(String text, ByteSink out) {
        if (needsEscape(text)) {
            return out.write(quoted(text));
        }
        return out.write('"').write(text).write('"');
    }

    /** Text as a JSON string, quotes included. */
    public static String quoted(String text) {
        if (!needsEscape(text)) {
            return '"' + text + '"';
        }
        StringBuilder out = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                escape(c, out);
            }
        }
        return out.append('"').toString();
    }

    private static boolean needsEscape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                // A provider may cut a stream between the halves of an emoji. UTF-8 cannot say half of one, JSON can,
                // and a client that joins the pieces gets it whole.
                if (c < ' ' || Character.isSurrogate(c)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
