package dev.mehari.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.History;
import dev.mehari.chat.JsonObject;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.conversation.Conversations;
import dev.mehari.conversation.StoredResponse;
import dev.mehari.dialect.responses.ResponsesDialect;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code recallConversation}: what was said before in the conversation that a request goes on with, and what will
 * keep its answer for the next one. A request that neither refers to anything nor is to be kept does without the
 * database.
 */
@Component
final class RecallConversation implements Processor {
    private final Conversations conversations;
    private final ConversationKeeper keeper;
    private final ResponsesDialect dialect;

    RecallConversation(Conversations conversations, ConversationKeeper keeper, ResponsesDialect dialect) {
        this.conversations = conversations;
        this.keeper = keeper;
        this.dialect = dialect;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        JsonObject raw = call.request().raw();
        String owner = ConversationOwner.of(exchange);
        JsonObject.Field input = raw.field("input");
        JsonNode asked = input == null ? MissingNode.getInstance() : raw.tree(input);
        String previous = raw.text(raw.field("previous_response_id"));
        Set<String> references = references(asked);
        Call continued = call;
        if (!previous.isEmpty() || !references.isEmpty()) {
            continued = call.with(dialect.continued(call.request(), recall(owner, previous, references)));
            continued.enter(exchange);
            exchange.setProperty("promptChars", continued.request().promptChars());
        }
        JsonObject.Field store = raw.field("store");
        if (store == null || raw.tree(store).booleanValue()) {
            keeper.requireRoom(raw.bytes().length);
            conversations.requireStore();
            continued.keepWith(keeper.of(owner, previous.isEmpty() ? null : previous, asked));
        }
    }

    private History recall(String owner, String previous, Set<String> references) {
        keeper.awaitSaved(previous);
        List<StoredResponse> chain = previous.isEmpty() ? List.of() : conversations.chain(owner, previous);
        if (!previous.isEmpty() && chain.isEmpty()) {
            throw new InvalidRequest(
                    "previous_response_not_found",
                    "previous_response_id",
                    "Previous response with id '" + shown(previous) + "' not found.");
        }
        Map<String, JsonNode> stored = conversations.items(owner, references);
        return new History(
                chain.stream().flatMap(response -> response.items().stream()).toList(),
                stored,
                chain.isEmpty() ? null : chain.getLast().provider());
    }

    private static Set<String> references(JsonNode input) {
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode item : input) {
            if (item.path("type").asText().equals("item_reference")) {
                ids.add(item.path("id").asText());
            }
        }
        return ids;
    }

    private static String shown(String id) {
        return id.length() > 100 ? id.substring(0, 100) + "…" : id;
    }
}
