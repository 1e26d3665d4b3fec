package dev.mehari.provider;

import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.transport.UpstreamResponse;
import org.jspecify.annotations.Nullable;

/**
 * One wire protocol that providers speak. A bean of this type named {@code openAi} gives routes the steps
 * {@code openAiEncode} and {@code openAiDecode}. Stateless and thread-safe; pure translation, no I/O.
 */
public interface Protocol {
    /** As {@code mehari.providers.<name>.protocol} names it. */
    String name();

    /** Whether the client speaks the provider's own API: its body goes on as bytes, and its headers with it. */
    default boolean passes(Ask ask) {
        return false;
    }

    /**
     * The request to send.
     *
     * @throws GatewayException.InvalidRequest the provider cannot serve a field of it, by name
     */
    Encoded encode(Ask ask);

    /**
     * A whole answer with a 2xx status.
     *
     * @throws GatewayException it is an error after all, or no answer of this protocol
     */
    Answer decode(Ask ask, byte[] body);

    /** Reads the events of one stream that began with a 2xx status. */
    EventDecoder decodeStream(Ask ask);

    /**
     * What takes apart the frames that {@link #decodeStream} gives of a stream that passes, should somebody else want that
     * answer too. A new one for each.
     */
    default FrameReader frames(Ask ask) {
        return FrameReader.NONE;
    }

    /**
     * The same of a whole answer that passes; asked for only where some do.
     *
     * @throws GatewayException it holds something that would be lost
     */
    default ChatResponse translated(Ask ask, Answer.Bytes passed) {
        throw new IllegalStateException("no answer of protocol " + name() + " passes");
    }

    /** Whether the same request may have another answer because the provider remembers what was said before it. */
    default boolean remembers() {
        return false;
    }

    /** Whether its answer passes in a form of which something would be lost for another client: it serves nobody else. */
    default boolean isOpaque(Ask ask) {
        return false;
    }

    /** What any other answer means, to a chat or to a request for embeddings. */
    GatewayException decodeError(Ask ask, UpstreamResponse response);

    /** What becomes of each field of a request in another API than the protocol's own; docs/compatibility.md shows it. */
    FieldTable fields();

    /** How it is asked for embeddings; null: it has none. */
    default @Nullable EmbeddingsProtocol embeddings() {
        return null;
    }

    /** Where a provider lists its models; null: nowhere, or not those that can be asked for. */
    default @Nullable ModelListing models(Provider provider) {
        return null;
    }

    /**
     * Whether the provider itself reads what is at that address of an image or a document. What it does not read, the
     * step {@code fetchMedia} fetches, where the route names it.
     */
    default boolean reads(String address) {
        return true;
    }
}
