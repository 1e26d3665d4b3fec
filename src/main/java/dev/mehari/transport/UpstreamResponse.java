package dev.mehari.transport;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
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
    /** A whole answer that came by another way than this transport's. */
    public static UpstreamResponse whole(int status, Map<String, List<String>> headers, byte[] body) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        headers.forEach(all::add);
        return new UpstreamResponse(status, all, body, null);
    }

    /** The first value of a header. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
