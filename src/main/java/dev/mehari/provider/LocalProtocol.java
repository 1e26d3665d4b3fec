package dev.mehari.provider;

import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.transport.Loop;

/**
 * A protocol without an upstream: the gateway itself answers. A bean of this type named {@code demo} gives routes the
 * step {@code demoAnswer}. Stateless and thread-safe.
 */
public interface LocalProtocol {
    /** As {@code mehari.providers.<name>.protocol} names it. */
    String name();

    /** The events of the answer, delivered on the loop; whole answers are gathered from them. */
    EventSource open(Ask ask, Loop loop);

    /**
     * The answer to a request for embeddings.
     *
     * @throws GatewayException it has none, or fails
     */
    EmbeddingsResponse embed(Ask ask);
}
