package dev.mehari.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Which conversation a call belongs to, in the client's own words. */
final class CallSession {
    private CallSession() {}

    /**
     * The header {@code x-session-id}, else the body's {@code user}, else the id of the phone call that Vapi serves
     * ({@code call.id}); null when there is none of them.
     */
    static @Nullable String of(@Nullable String header, JsonObject body) {
        if (header != null && !header.isBlank()) {
            return header.strip();
        }
        String user = body.text(body.field("user"));
        if (!user.isBlank()) {
            return user.strip();
        }
        JsonObject.Field call = body.field("call");
        String id = call == null ? "" : text(body, call, "id");
        return id.isBlank() ? null : id.strip();
    }

    /**
     * Whom a request says it is for: {@code user}, which OpenAI calls {@code safety_identifier} by now, or
     * {@code metadata.user_id} in Anthropic's API; null: it does not.
     */
    static @Nullable String user(JsonObject body) {
        String given = body.text(body.field("user"));
        String user = given.isBlank() ? body.text(body.field("safety_identifier")) : given;
        JsonObject.Field metadata = user.isBlank() ? body.field("metadata") : null;
        String named = metadata == null ? user : text(body, metadata, "user_id");
        return named.isBlank() ? null : named.strip();
    }

    /** Read only as far as it stands: the object holds a whole assistant. */
    private static String text(JsonObject body, JsonObject.Field object, String field) {
        try (JsonParser parser = body.parser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isIt = parser.currentName().equals(field);
                if (parser.nextToken() == JsonToken.VALUE_STRING && isIt) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
            return "";
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }
}
