package dev.mehari.provider.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One part of a candidate's content, whatever the order of its fields. One instance reads many, one after the other. */
final class GeminiPart {
    private String text = "";
    private boolean thought;
    private @Nullable String signature;
    private @Nullable Call call;
    private @Nullable ContentPart media;

    /**
     * A function call.
     *
     * @param arguments JSON, null for none
     */
    record Call(@Nullable String id, String name, @Nullable String arguments) {}

    /** @param parser on the object's first token; it is read to its last */
    void read(JsonParser parser, GeminiEvents.Source source) throws IOException {
        text = "";
        thought = false;
        signature = null;
        call = null;
        media = null;
        ObjectNode other = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                switch (name) {
                    case "functionCall" -> call = readCall(parser, source);
                    case "inlineData" -> media = readMedia(parser);
                    case "partMetadata", "videoMetadata", "mediaResolution" -> parser.skipChildren();
                    default -> {
                        other = other == null ? Json.MAPPER.createObjectNode() : other;
                        other.set(name, Json.tree(parser));
                    }
                }
            } else if (token == JsonToken.VALUE_STRING) {
                switch (name) {
                    case "text" -> text = parser.getText();
                    case "thoughtSignature" -> signature = parser.getText();
                    default -> {}
                }
            } else if (name.equals("thought")) {
                thought = token == JsonToken.VALUE_TRUE;
            } else {
                parser.skipChildren();
            }
        }
        if (other != null) {
            keepWhole(other);
        }
    }

    /** A block that only this protocol knows, such as {@code executableCode}: it goes back as it came. */
    private void keepWhole(ObjectNode block) {
        if (signature != null) {
            block.put("thoughtSignature", signature);
        }
        media = new ContentPart.Opaque("gemini", block);
    }

    private static Call readCall(JsonParser parser, GeminiEvents.Source source) throws IOException {
        String id = null;
        String name = "";
        String arguments = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && field.equals("args")) {
                arguments = source.value(parser);
            } else if (token == JsonToken.VALUE_STRING) {
                id = field.equals("id") ? parser.getText() : id;
                name = field.equals("name") ? parser.getText() : name;
            } else {
                parser.skipChildren();
            }
        }
        return new Call(id, name, arguments);
    }

    private static ContentPart readMedia(JsonParser parser) throws IOException {
        String type = "application/octet-stream";
        String data = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                type = field.equals("mimeType") ? parser.getText() : type;
                data = field.equals("data") ? parser.getText() : data;
            } else {
                parser.skipChildren();
            }
        }
        MediaSource source = new MediaSource.Inline(type, data);
        if (type.startsWith("image/")) {
            return new ContentPart.Image(source, null, null);
        }
        return type.startsWith("audio/")
                ? new ContentPart.Audio(data, type.substring("audio/".length()), null)
                : new ContentPart.Document(source, null, null, Extras.NONE);
    }

    String text() {
        return text;
    }

    boolean isThought() {
        return thought;
    }

    @Nullable
    String signature() {
        return signature;
    }

    @Nullable
    Call call() {
        return call;
    }

    /** A picture, sound, a file, or a block only this protocol knows. */
    @Nullable
    ContentPart media() {
        return media;
    }
}
