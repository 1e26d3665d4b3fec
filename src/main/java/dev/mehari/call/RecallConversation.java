package dev.mehari.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSearch;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.History;
import dev.mehari.chat.JsonObject;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.conversation.Conversations;
import dev.mehari.conversation.InputItems;
import dev.mehari.conversation.StoredResponse;
import dev.mehari.dialect.responses.ResponsesDialect;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code recallConversation}: what was said before in the conversation that a request goes on with. One that its
 * provider keeps is read only should another have to go on with it. A request that refers to nothing does without the
 * database.
 */
@Component
final class RecallConversation implements Processor {
    private static final byte[] REFERENCE = "\"item_reference\"".getBytes(StandardCharsets.US_ASCII);

    private final Conversations conversations;
    private final ConversationKeeper keeper;
    private final ResponsesDialect dialect;
    private final Providers providers;

    RecallConversation(
            Conversations conversations, ConversationKeeper keeper, ResponsesDialect dialect, Providers providers) {
        this.conversations = conversations;
        this.keeper = keeper;
        this.dialect = dialect;
        this.providers = providers;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        JsonObject raw = call.request().raw();
        String previous = raw.text(raw.field("previous_response_id"));
        Set<String> references = references(raw);
        if (!previous.isEmpty() || !references.isEmpty()) {
            History history = recall(ConversationOwner.of(exchange), previous, references);
            call.goesOn(dialect.continued(call.request(), history));
            exchange.setProperty("promptChars", call.request().promptChars());
        }
    }

    private History recall(String owner, String previous, Set<String> references) {
        Map<String, JsonNode> stored = keeper.items(owner, references);
        for (String id : references) {
            if (!stored.containsKey(id)) {
                // Also where the provider might know it: then it is another client's.
                throw new InvalidRequest("invalid_value", "input", "Item with id '" + shown(id) + "' not found.");
            }
        }
        if (previous.isEmpty()) {
            return new History(List::of, stored, null);
        }
        keeper.awaitSaved(previous);
        Conversations.Place place = conversations.place(owner, previous);
        if (place == null) {
            throw notFound(previous);
        }
        String provider = place.provider();
        if (provider != null && keepsState(provider)) {
            return new History(new Turns(() -> turns(owner, previous)), stored, provider);
        }
        List<History.Turn> turns = turns(owner, previous);
        return new History(() -> turns, stored, null);
    }

    private boolean keepsState(String name) {
        Provider provider = providers.find(name);
        return provider != null && provider.settings().responses().state();
    }

    private List<History.Turn> turns(String owner, String previous) {
        List<StoredResponse> chain = conversations.chain(owner, previous);
        if (chain.isEmpty()) {
            throw notFound(previous);
        }
        return chain.stream()
                .map(response -> new History.Turn(response.provider(), response.items()))
                .toList();
    }

    private static InvalidRequest notFound(String previous) {
        return new InvalidRequest(
                "previous_response_not_found",
                "previous_response_id",
                "Previous response with id '" + shown(previous) + "' not found.");
    }

    private static Set<String> references(JsonObject raw) {
        Set<String> ids = new LinkedHashSet<>();
        JsonObject.Field input = raw.field("input");
        if (input == null || ByteSearch.indexOf(raw.bytes(), REFERENCE, input.valueStart(), input.end()) < 0) {
            return ids;
        }
        for (JsonNode item : raw.tree(input)) {
            if (InputItems.isReference(item)) {
                ids.add(item.path("id").asText());
            }
        }
        return ids;
    }

    private static String shown(String id) {
        return id.length() > 100 ? id.substring(0, 100) + "…" : id;
    }

    /** Read once, by whichever attempt needs them first; two at once may both read. */
    private static final class Turns implements Supplier<List<History.Turn>> {
        private final Supplier<List<History.Turn>> source;
        private volatile @Nullable List<History.Turn> known;

        Turns(Supplier<List<History.Turn>> source) {
            this.source = source;
        }

        @Override
        public List<History.Turn> get() {
            List<History.Turn> turns = known;
            if (turns == null) {
                turns = source.get();
                known = turns;
            }
            return turns;
        }
    }
}
