package dev.mehari.provider;

import dev.mehari.chat.EventDecoder;
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

    /**
     * The request for the stream of a response that the provider keeps; null when it keeps none.
     *
     * @param id of the response, as it stands in a path
     * @param after the {@code sequence_number} of the last event that is not wanted; -1: all are wanted
     */
    @Nullable
    UpstreamRequest followed(Provider provider, String id, int after);

    /**
     * Reads that stream; a new one each time. Every event commits: the client is to hear of it as it comes.
     *
     * @param alias the model's name that the client knows
     */
    EventDecoder decodeFollowed(Provider provider, String alias);
}
