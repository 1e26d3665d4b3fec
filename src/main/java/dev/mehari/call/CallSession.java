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
        String id = call == null ? "" : id(body, call);
        return id.isBlank() ? null : id.strip();
    }

    /** Read only as far as it stands: the object holds a whole assistant. */
    private static String id(JsonObject body, JsonObject.Field call) {
        try (JsonParser parser = body.parser(call)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isId = parser.currentName().equals("id");
                if (parser.nextToken() == JsonToken.VALUE_STRING && isId) {
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
