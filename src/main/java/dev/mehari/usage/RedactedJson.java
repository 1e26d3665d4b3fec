package dev.mehari.usage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.Json;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON without what should not be kept, which is JSON still: strings are looked at as what they mean, not as they are
 * escaped, a long number becomes a string. What has nothing to hide stays as it is to the letter. One instance a text.
 */
final class RedactedJson {
    /** Strings stand for themselves. Calls of tools have JSON in theirs. */
    static final Strings ALONE = (at, text) -> {
        String json = isLike(text) ? new RedactedJson(RedactedJson.ALONE).whole(text) : null;
        return json == null ? Redaction.plain(text) : json;
    };

    /** Cards, accounts and telephones have so many digits, counts of tokens have not. */
    private static final int LONG_DIGITS = 9;

    /** Times in seconds, by which nobody is known. */
    private static final Set<String> TIMES = Set.of(
            "created",
            "created_at",
            "started_at",
            "completed_at",
            "failed_at",
            "cancelled_at",
            "expires_at",
            "expired_at");

    /** What becomes of strings, in the order in which they stand. */
    interface Strings {
        /** @param at the parser that stands on it */
        String kept(JsonParser at, String text) throws IOException;
    }

    private final Strings strings;
    private final StringWriter out = new StringWriter();
    private boolean changed;

    /** How many objects and lists are open. */
    private int depth = 1;

    RedactedJson(Strings strings) {
        this.strings = strings;
    }

    /** Whether it begins as an object or a list. */
    static boolean isLike(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ') {
                return c == '{' || c == '[';
            }
        }
        return false;
    }

    /** Text that ends in the middle goes on as plain text from there. */
    String of(String text) {
        int read = read(text);
        String begun = changed ? out.toString() : text.substring(0, read);
        return begun + Redaction.plain(text.substring(read));
    }

    /** The text, when all of it is one value; null: it only begins as one does. */
    private @Nullable String whole(String text) {
        boolean whole = text.substring(read(text)).isBlank() && depth == 0;
        return !whole ? null : changed ? out.toString() : text;
    }

    /** Reads a value, and tells up to where it was one: in the text, and by {@link #out} in what is kept of it. */
    private int read(String text) {
        int read = 0;
        int kept = 0;
        try (JsonParser parser = Json.FACTORY.createParser(text);
                JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            do {
                write(parser.nextToken(), parser, json);
                if (parser.currentToken() != JsonToken.FIELD_NAME) {
                    json.flush();
                    read = (int) parser.currentLocation().getCharOffset();
                    kept = out.getBuffer().length();
                    depth = parser.getParsingContext().getNestingDepth();
                }
            } while (depth > 0);
        } catch (IOException cut) {
            out.getBuffer().setLength(kept);
        }
        return read;
    }

    private void write(@Nullable JsonToken token, JsonParser parser, JsonGenerator json) throws IOException {
        switch (token) {
            case null -> throw new EOFException();
            case FIELD_NAME -> {
                String name = parser.currentName();
                json.writeFieldName(same(name, Redaction.plain(name)));
                if (name.equals("call")) {
                    call(parser.nextToken(), parser, json);
                }
            }
            case VALUE_STRING -> json.writeString(same(parser.getText(), strings.kept(parser, parser.getText())));
            case VALUE_NUMBER_INT -> {
                boolean told = isShort(parser.getText()) || TIMES.contains(String.valueOf(parser.currentName()));
                if (told) {
                    json.writeNumber(parser.getText());
                } else {
                    changed = true;
                    json.writeString(Redaction.NUMBER);
                }
            }
            // As it is written: nobody's account has a fraction, and logprobs have many digits.
            case VALUE_NUMBER_FLOAT -> json.writeNumber(parser.getText());
            default -> json.copyCurrentEvent(parser);
        }
    }

    /** Vapi sends the whole assistant, its customer and its keys along. */
    private void call(@Nullable JsonToken token, JsonParser parser, JsonGenerator json) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            write(token, parser, json);
            return;
        }
        parser.skipChildren();
        changed = true;
        json.writeStartObject();
        json.writeBooleanField("redacted", true);
        json.writeEndObject();
    }

    private String same(String text, String kept) {
        changed |= !kept.equals(text);
        return kept;
    }

    private static boolean isShort(String digits) {
        return digits.length() - (digits.charAt(0) == '-' ? 1 : 0) < LONG_DIGITS;
    }
}
