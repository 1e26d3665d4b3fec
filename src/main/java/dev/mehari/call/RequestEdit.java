package dev.mehari.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.RequestFacts;
import dev.mehari.config.LiveSettings;
import dev.mehari.dialect.JsonLimits;
import dev.mehari.dialect.RequestBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * Changes the request of a call before anybody is asked: as a tree, and read anew by its dialect, so that all that follows
 * sees a request that the client might have sent. Only routes that name such a step pay for it. Thread-safe.
 */
@Component
final class RequestEdit {
    private final JsonLimits limits;

    RequestEdit(LiveSettings settings) {
        this.limits = new JsonLimits(settings.get().limits().jsonDepth());
    }

    /** @param change of the client's JSON object */
    void apply(Exchange exchange, Consumer<ObjectNode> change) {
        Call call = Call.of(exchange);
        try {
            JsonNode tree = Json.MAPPER.readTree(call.request().raw().bytes());
            change.accept((ObjectNode) tree);
            byte[] edited = Json.MAPPER.writeValueAsBytes(tree);
            RequestFacts facts = call.dialect().read(new RequestBody(edited, limits), call.request().stream());
            call.goesOn(facts);
            exchange.setProperty("promptChars", facts.promptChars());
        } catch (IOException impossible) {
            throw new UncheckedIOException("the request was read before, and cannot be now", impossible);
        }
    }

    /** What a route has set for a step. */
    static String property(Exchange exchange, String name, String step) {
        String value = exchange.getProperty(name, String.class);
        if (value == null) {
            throw new IllegalStateException("the step " + step + " wants the property " + name + " set before it");
        }
        return value;
    }
}
