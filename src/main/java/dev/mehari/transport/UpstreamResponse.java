package dev.mehari.transport;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered.
 *
 * @param headers looked up whatever their case
 * @param body the whole body; empty for a stream
 * @param stream the open stream, committed: it has something to say, and must be sent or discarded
 */
public record UpstreamResponse(
        int status, MultiMap headers, byte[] body, @Nullable AnswerStream stream) {
    /** The first value of a header. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
