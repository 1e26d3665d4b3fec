package dev.mehari.dialect.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.dialect.BadField;
import dev.mehari.dialect.ParamType;
import java.io.IOException;
import java.util.List;

/** Checks the shape of a request's messages as they are read, and counts their text. One instance a request. */
final class MessagesCheck {
    private static final List<String> ROLES = List.of("user", "assistant", "system");

    private int chars;

    /** Characters of text read so far, tool results included. */
    int chars() {
        return chars;
    }

    /** Reads the array that the parser stands on, to its end. */
    void read(JsonParser messages) throws IOException {
        int index = 0;
        while (messages.nextToken() != JsonToken.END_ARRAY) {
            String path = "messages[" + index++ + "]";
            if (messages.currentToken() != JsonToken.START_OBJECT) {
                throw ParamType.wrong(path, "an object with a role");
            }
            message(messages, path);
        }
        if (index == 0) {
            throw BadField.invalid(
                    "messages", "messages must not be empty: send at least one message", "invalid_value");
        }
    }

    private void message(JsonParser message, String path) throws IOException {
        boolean hasRole = false;
        boolean hasContent = false;
        while (message.nextToken() == JsonToken.FIELD_NAME) {
            String name = message.currentName();
            message.nextToken();
            if (name.equals("role")) {
                role(message, path + ".role");
                hasRole = true;
            } else if (name.equals("content")) {
                content(message, path + ".content");
                hasContent = true;
            }
            message.skipChildren();
        }
        if (!hasRole || !hasContent) {
            throw BadField.missing(path + (hasRole ? ".content" : ".role"));
        }
    }

    private static void role(JsonParser role, String path) throws IOException {
        if (role.currentToken() != JsonToken.VALUE_STRING) {
            throw ParamType.wrong(path, "a string");
        }
        if (!ROLES.contains(role.getText())) {
            throw BadField.unknownValue(path, role.getText(), ROLES);
        }
    }

    /** Reads what the parser stands on, a text or an array of blocks, to its end. */
    void content(JsonParser content, String path) throws IOException {
        if (content.currentToken() == JsonToken.VALUE_STRING) {
            chars += content.getTextLength();
        } else if (content.currentToken() == JsonToken.START_ARRAY) {
            blocks(content, path);
        } else {
            throw ParamType.wrong(path, "a string or an array of blocks");
        }
    }

    private void blocks(JsonParser blocks, String path) throws IOException {
        int index = 0;
        while (blocks.nextToken() != JsonToken.END_ARRAY) {
            String at = path + "[" + index++ + "]";
            if (blocks.currentToken() != JsonToken.START_OBJECT) {
                throw ParamType.wrong(at, "an object with a type");
            }
            block(blocks, at);
        }
    }

    private void block(JsonParser block, String path) throws IOException {
        boolean hasType = false;
        boolean result = false;
        while (block.nextToken() == JsonToken.FIELD_NAME) {
            String name = block.currentName();
            JsonToken kind = block.nextToken();
            switch (name) {
                case "type" -> {
                    hasType = kind == JsonToken.VALUE_STRING;
                    result = hasType && block.getText().equals("tool_result");
                }
                case "text" -> chars += kind == JsonToken.VALUE_STRING ? block.getTextLength() : 0;
                case "content" -> {
                    // Other blocks have a content of their own shape.
                    if (result && kind == JsonToken.START_ARRAY) {
                        blocks(block, path + ".content");
                    } else if (kind == JsonToken.VALUE_STRING) {
                        chars += block.getTextLength();
                    }
                }
                default -> {}
            }
            block.skipChildren();
        }
        if (!hasType) {
            throw BadField.missing(path + ".type");
        }
    }
}
