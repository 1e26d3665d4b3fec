package dev.mehari.transport;

import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSource;
import io.vertx.core.MultiMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered: a whole body, or an event stream still to be read. A stream is held back until its events
 * are asked for, and must then be started or closed.
 */
public final class UpstreamResponse {
    private final int status;
    private final MultiMap headers;
    private final byte[] body;
    private final @Nullable Function<EventDecoder, EventSource> stream;

    UpstreamResponse(
            int status, MultiMap headers, byte[] body, @Nullable Function<EventDecoder, EventSource> stream) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.stream = stream;
    }

    public int status() {
        return status;
    }

    /** The first value of a header, whatever its case. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The whole body; empty for a stream. */
    public byte[] body() {
        return body;
    }

    public boolean isStream() {
        return stream != null;
    }

    /** The stream's events, read through the decoder of its protocol. */
    public EventSource events(EventDecoder decoder) {
        if (stream == null) {
            throw new IllegalStateException("a whole body is no stream of events");
        }
        return stream.apply(decoder);
    }
}
