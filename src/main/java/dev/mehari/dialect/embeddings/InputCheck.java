package dev.mehari.dialect.embeddings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.dialect.ParamType;
import java.io.IOException;

/**
 * Checks the shape of {@code input} as it is read, and counts it: one text, a list of texts, one list of tokens or a
 * list of such lists. One instance a request.
 */
final class InputCheck {
    /** About as much text as a token of English is. */
    private static final int CHARS_OF_A_TOKEN = 4;

    private static final String FORMS = "a string, an array of strings, an array of integers or an array of those";

    private int chars;

    /** Characters of text read so far; a token counts as four. */
    int chars() {
        return chars;
    }

    /** Reads the value that the parser stands on, to its end. */
    void read(JsonParser value) throws IOException {
        switch (value.currentToken()) {
            case VALUE_STRING -> text(value, "input");
            case START_ARRAY -> array(value);
            default -> throw ParamType.wrong("input", FORMS);
        }
    }

    private void array(JsonParser list) throws IOException {
        JsonToken first = list.nextToken();
        if (first == JsonToken.VALUE_NUMBER_INT) {
            tokens(list, "input");
            return;
        }
        int index = 0;
        for (JsonToken each = first; each != JsonToken.END_ARRAY; each = list.nextToken()) {
            String path = "input[" + index++ + "]";
            if (each != first) {
                throw ParamType.wrong(path, "of the same type as the inputs before it");
            }
            switch (each) {
                case VALUE_STRING -> text(list, path);
                case START_ARRAY -> {
                    list.nextToken();
                    tokens(list, path);
                }
                default -> throw ParamType.wrong("input", FORMS);
            }
        }
        if (index == 0) {
            throw empty("input");
        }
    }

    private void text(JsonParser text, String path) throws IOException {
        if (text.getTextLength() == 0) {
            throw empty(path);
        }
        chars += text.getTextLength();
    }

    /** @param tokens on the first of them */
    private void tokens(JsonParser tokens, String path) throws IOException {
        int count = 0;
        while (tokens.currentToken() != JsonToken.END_ARRAY) {
            boolean token = tokens.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && tokens.getNumberType() == JsonParser.NumberType.INT
                    && tokens.getIntValue() >= 0;
            if (!token) {
                throw ParamType.wrong(path + "[" + count + "]", "the number of a token");
            }
            count++;
            tokens.nextToken();
        }
        if (count == 0) {
            throw empty(path);
        }
        chars += count * CHARS_OF_A_TOKEN;
    }

    private static InvalidRequest empty(String path) {
        return new InvalidRequest("invalid_value", path, path + " must not be empty");
    }
}
