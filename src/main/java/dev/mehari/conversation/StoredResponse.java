package dev.mehari.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response with what it answered, as it is kept. Immutable; raw JSON inside is not to be changed.
 *
 * @param owner who made it: nobody else sees it
 * @param previousId the response it went on from
 * @param provider the provider whose own answer it is, and that keeps it under the same id where it keeps any; null when
 *     it was translated
 * @param model by the name that the client used
 * @param input the items that came with the request, each with an id; not those of the conversation before it
 * @param response the whole Response object
 */
public record StoredResponse(
        String id,
        String owner,
        @Nullable String previousId,
        Instant created,
        @Nullable String provider,
        String model,
        List<JsonNode> input,
        JsonNode response) {

    public StoredResponse {
        input = List.copyOf(input);
    }

    /** The same as its provider tells it now. */
    public StoredResponse with(JsonNode other) {
        return new StoredResponse(id, owner, previousId, created, provider, model, input, other);
    }

    /** The items of the turn: what went in, and what came out. */
    public List<JsonNode> items() {
        List<JsonNode> items = new ArrayList<>(input);
        response.path("output").forEach(items::add);
        return items;
    }
}
