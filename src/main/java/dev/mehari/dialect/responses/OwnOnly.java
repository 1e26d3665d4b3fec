package dev.mehari.dialect.responses;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What in a request needs a provider that speaks the Responses API itself. Stateless and thread-safe. */
final class OwnOnly {
    private static final List<String> FIELDS = List.of("conversation", "prompt");

    /** What the gateway puts into every answer, or asks other providers for. */
    private static final Set<String> INCLUDED_ANYWHERE =
            Set.of("reasoning.encrypted_content", "message.output_text.logprobs", "message.input_image.image_url");

    private OwnOnly() {}

    /** By name, as the client wrote it. */
    static List<String> of(JsonObject raw) {
        List<String> names = new ArrayList<>(0);
        for (String name : FIELDS) {
            if (raw.has(name)) {
                names.add(name);
            }
        }
        Field background = raw.field("background");
        if (background != null && background.kind() == JsonToken.VALUE_TRUE) {
            names.add("background");
        }
        Field include = raw.field("include");
        if (include != null) {
            for (JsonNode what : raw.tree(include)) {
                if (!INCLUDED_ANYWHERE.contains(what.asText())) {
                    names.add("include");
                    break;
                }
            }
        }
        return names;
    }
}
