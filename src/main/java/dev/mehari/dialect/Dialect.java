package dev.mehari.dialect;

import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.RequestFacts;

/** One API that clients speak. Stateless and thread-safe. */
public interface Dialect {
    /** As routes and settings name it: {@code chat}, {@code responses}, {@code messages}, {@code embeddings}. */
    String name();

    /**
     * Reads a request body once.
     *
     * @param body UTF-8 JSON, as the client sent it
     * @param forceStream the path asks for a stream, whatever the body says
     * @throws GatewayException.InvalidRequest naming the field at fault
     */
    RequestFacts read(byte[] body, boolean forceStream);

    /** Writes the events of one streamed answer. A new one for each attempt. */
    EventEncoder streamWriter(RequestFacts request);

    /** A whole answer as one JSON object. */
    byte[] write(ChatResponse response, RequestFacts request);

    /** Embeddings as one JSON object; a dialect of chats is never asked for them. */
    default byte[] write(EmbeddingsResponse response, RequestFacts request) {
        throw new IllegalStateException("the dialect " + name() + " has no embeddings");
    }

    /** A failure as a JSON body. */
    byte[] error(GatewayException failure);

    /** A failure as the SSE record that ends a stream. */
    byte[] errorEvent(GatewayException failure);
}
