package dev.mehari.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * Guesses how many tokens a request has, for providers that do not count: a token for every four bytes of UTF-8
 * text (names and values of tools and of tool input count as text), four for each message, tool and block, 1,500 for a
 * picture, and one for every 16 bytes of another file. English text comes out within some 15 %, other scripts and code
 * less exactly. One instance a request.
 */
public final class TokenEstimate {
    private static final int BYTES_A_TOKEN = 4;
    private static final int TOKENS_AN_OBJECT = 4;
    private static final int TOKENS_A_PICTURE = 1500;
    private static final int FILE_BYTES_A_TOKEN = 16;

    /** Fields that belong to the shape of a request, not to its prompt. */
    private static final Set<String> SHAPE = Set.of(
            "type",
            "role",
            "id",
            "tool_use_id",
            "call_id",
            "status",
            "content",
            "text",
            "output",
            "arguments",
            "source",
            "detail",
            "signature",
            "encrypted_content",
            "cache_control",
            "ttl");

    /** Those of them whose values are prompt all the same. */
    private static final Set<String> PROMPT = Set.of("content", "text", "output", "arguments");

    private long bytes;
    private long tokens;

    private TokenEstimate() {}

    /**
     * The tokens of some of its fields; at least 1.
     *
     * @param fields that hold its prompt
     */
    public static long of(JsonObject request, List<String> fields) {
        TokenEstimate estimate = new TokenEstimate();
        for (String name : fields) {
            JsonObject.Field field = request.field(name);
            if (field != null) {
                try (JsonParser parser = request.parser(field)) {
                    parser.nextToken();
                    estimate.value(parser, "");
                } catch (IOException impossible) {
                    throw new UncheckedIOException("read once already", impossible);
                }
            }
        }
        return Math.max(1, estimate.tokens + Math.ceilDiv(estimate.bytes, BYTES_A_TOKEN));
    }

    /** @param name of the field that holds it */
    private void value(JsonParser parser, String name) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser, name);
                }
            }
            // The shape's own words are paid for with the object.
            case VALUE_STRING -> bytes += SHAPE.contains(name) && !PROMPT.contains(name) ? 0 : utf8Length(parser);
            default -> bytes += parser.getTextLength();
        }
    }

    private void object(JsonParser parser) throws IOException {
        String mediaType = "";
        long data = -1;
        tokens += TOKENS_AN_OBJECT;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken kind = parser.nextToken();
            if ((name.equals("data") || name.equals("file_data")) && kind == JsonToken.VALUE_STRING) {
                data = parser.getTextLength();
            } else if (name.equals("image_url") && kind == JsonToken.VALUE_STRING) {
                tokens += TOKENS_A_PICTURE;
            } else if (name.equals("media_type") && kind == JsonToken.VALUE_STRING) {
                mediaType = parser.getText();
            } else {
                bytes += SHAPE.contains(name) ? 0 : name.length();
                value(parser, name);
            }
        }
        if (data >= 0) {
            // Plain text stands there as it is, anything else in base64.
            tokens += mediaType.startsWith("image/")
                    ? TOKENS_A_PICTURE
                    : data / (mediaType.startsWith("text/") ? BYTES_A_TOKEN : FILE_BYTES_A_TOKEN * 4L / 3);
        }
    }

    private static long utf8Length(JsonParser parser) throws IOException {
        char[] chars = parser.getTextCharacters();
        int end = parser.getTextOffset() + parser.getTextLength();
        long length = 0;
        for (int i = parser.getTextOffset(); i < end; i++) {
            // Each half of a surrogate pair stands for two of its four bytes.
            length += chars[i] < 0x80 ? 1 : chars[i] < 0x800 || Character.isSurrogate(chars[i]) ? 2 : 3;
        }
        return length;
    }
}
