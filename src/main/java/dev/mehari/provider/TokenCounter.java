package dev.mehari.provider;

import dev.mehari.chat.GatewayException;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import org.jspecify.annotations.Nullable;

/** A protocol whose providers count the tokens of a request without answering it. Stateless and thread-safe. */
public interface TokenCounter {
    /** The request that asks for the count; null when it cannot be asked for this one. */
    @Nullable
    UpstreamRequest count(Ask ask);

    /**
     * The count.
     *
     * @throws GatewayException there is none in it
     */
    long tokens(Ask ask, UpstreamResponse response);
}
