package dev.mehari.transport;

import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;

/** How the stream of one attempt is read from a provider and written to the client. */
public interface StreamCodec extends StreamWatcher {
    /** Reads the provider's protocol. A new one each time. */
    EventDecoder newDecoder();

    /** Writes the client's dialect. A new one each time. */
    EventEncoder newEncoder();

    /** Where it is noted when the exchange with the provider got how far. */
    UpstreamTimes times();
}
