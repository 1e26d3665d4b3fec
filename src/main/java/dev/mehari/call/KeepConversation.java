package dev.mehari.call;

import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.History;
import dev.mehari.chat.JsonObject;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.conversation.Conversations;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code keepConversation}: has the answer kept for the request that goes on with it, unless the client wants
 * {@code store: false}. That it can be kept is asked first: an answer is not paid for to be lost.
 */
@Component
final class KeepConversation implements Processor {
    private final Conversations conversations;
    private final ConversationKeeper keeper;

    KeepConversation(Conversations conversations, ConversationKeeper keeper) {
        this.conversations = conversations;
        this.keeper = keeper;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        JsonObject raw = call.request().raw();
        JsonObject.Field store = raw.field("store");
        if (store == null || store.kind() == JsonToken.VALUE_TRUE) {
            keeper.requireRoom(raw.bytes().length);
            conversations.requireStore();
            String previous = raw.text(raw.field("previous_response_id"));
            History history = call.request().history();
            call.keepWith(keeper.of(
                    ConversationOwner.of(exchange),
                    previous.isEmpty() ? null : previous,
                    raw,
                    history == null ? Map.of() : history.stored()));
        }
    }
}
