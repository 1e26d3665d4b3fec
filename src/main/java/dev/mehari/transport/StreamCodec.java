package dev.mehari.transport;

import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the stream of one attempt is read from a provider and written to the client, and who hears of its head. */
public interface StreamCodec extends StreamWatcher {
    /**
     * The head of the provider's answer has come, with whatever status; on the loop.
     *
     * @param header looks up one of its headers, whatever its case
     */
    default void begins(Function<String, @Nullable String> header) {}

    /** Reads the provider's protocol. A new one each time. */
    EventDecoder newDecoder();

    /** Writes the client's dialect. A new one each time. */
    EventEncoder newEncoder();

    /** Where it is noted when the exchange with the provider got how far. */
    UpstreamTimes times();
}
