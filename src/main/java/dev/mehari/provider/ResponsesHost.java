package dev.mehari.provider;

import dev.mehari.transport.UpstreamRequest;
import org.jspecify.annotations.Nullable;

/** A protocol whose providers may keep responses themselves and be asked for them later. Stateless and thread-safe. */
public interface ResponsesHost {
    /** As {@code mehari.providers.<name>.protocol} names it. */
    String name();

    /**
     * The request about a response that the provider keeps; null when it keeps none.
     *
     * @param below the path below that of the API, with a leading slash: an id, perhaps with what to do to it
     */
    @Nullable
    UpstreamRequest stored(Provider provider, UpstreamRequest.Method method, String below);
}
