package dev.mehari.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.JsonObject;
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
        JsonNode id = call == null ? null : body.tree(call).path("id");
        return id == null || !id.isTextual() || id.textValue().isBlank()
                ? null
                : id.textValue().strip();
    }
}
