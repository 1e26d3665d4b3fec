package dev.mehari.dialect.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.dialect.ParamType;
import java.io.IOException;
import java.util.Set;

/** Checks the shape of a request's messages as they are read, and counts their text. One instance a request. */
final class MessagesCheck {
    private static final Set<String> ROLES = Set.of("developer", "system", "user", "assistant", "tool", "function");

    private int chars;

    /** Characters of text read so far. */
    int chars() {
        return chars;
    }

    /** Reads the array that the parser stands on, to its end. */
    void read(JsonParser messages) throws IOException {
        int index = 0;
        while (messages.nextToken() != JsonToken.END_ARRAY) {
            if (messages.currentToken() != JsonToken.START_OBJECT) {
                throw ParamType.wrong("messages[" + index + "]", "an object with a role");
            }
            message(messages, index++);
        }
        if (index == 0) {
            throw new InvalidRequest(
                    "invalid_value", "messages", "messages must not be empty: send at least one message");
        }
    }

    private void message(JsonParser message, int index) throws IOException {
        boolean hasRole = false;
        while (message.nextToken() == JsonToken.FIELD_NAME) {
            String name = message.currentName();
            message.nextToken();
            if (name.equals("role")) {
                role(message, index);
                hasRole = true;
            } else if (name.equals("content")) {
                content(message, index);
            }
            message.skipChildren();
        }
        if (!hasRole) {
            String path = "messages[" + index + "].role";
            throw new InvalidRequest("missing_required_parameter", path, path + " is missing");
        }
    }

    private static void role(JsonParser role, int index) throws IOException {
        String path = "messages[" + index + "].role";
        if (role.currentToken() != JsonToken.VALUE_STRING) {
            throw ParamType.wrong(path, "a string");
        }
        if (!ROLES.contains(role.getText())) {
            throw new InvalidRequest(
                    "invalid_value",
                    path,
                    path + " must be developer, system, user, assistant, tool or function, not "
                            + shown(role.getText()));
        }
    }

    private void content(JsonParser content, int index) throws IOException {
        JsonToken kind = content.currentToken();
        if (kind == JsonToken.VALUE_STRING) {
            chars += content.getTextLength();
        } else if (kind == JsonToken.START_ARRAY) {
            parts(content, index);
        } else if (kind != JsonToken.VALUE_NULL) {
            throw ParamType.wrong("messages[" + index + "].content", "a string or an array of parts");
        }
    }

    private void parts(JsonParser parts, int index) throws IOException {
        int part = 0;
        while (parts.nextToken() != JsonToken.END_ARRAY) {
            if (parts.currentToken() != JsonToken.START_OBJECT) {
                throw ParamType.wrong("messages[" + index + "].content[" + part + "]", "an object with a type");
            }
            while (parts.nextToken() == JsonToken.FIELD_NAME) {
                boolean text = parts.currentName().equals("text");
                if (parts.nextToken() == JsonToken.VALUE_STRING && text) {
                    chars += parts.getTextLength();
                }
                parts.skipChildren();
            }
            part++;
        }
    }

    private static String shown(String value) {
        return '"' + (value.length() > 40 ? value.substring(0, 40) + "…" : value) + '"';
    }
}
