package dev.mehari.call;

import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.FrameReader;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one attempt asks of whom, and how that was written. Belongs to the call's virtual thread. */
public final class AttemptRequest {
    private final Ask ask;
    private @Nullable ChatRequest prepared;
    private @Nullable Protocol protocol;
    private boolean passed;
    private List<String> dropped = List.of();
    private @Nullable Object unsigned;

    AttemptRequest(Ask ask) {
        this.ask = ask;
    }

    /** What is asked of which provider. */
    public Ask ask() {
        return ask;
    }

    /** The request as it is to be encoded, when a step before that has changed it. */
    void prepared(ChatRequest request) {
        this.prepared = request;
    }

    /** What encoding is given. A changed request serves once: it may hold whole images, and streams live long. */
    Ask takeAsk() {
        ChatRequest changed = prepared;
        prepared = null;
        return changed == null ? ask : ask.with(changed);
    }

    /** @param passed whether the client's own bytes go on */
    void encoded(Protocol protocol, boolean passed, List<String> dropped) {
        this.protocol = protocol;
        this.passed = passed;
        this.dropped = List.copyOf(dropped);
    }

    /** The protocol that it was written in. */
    Protocol protocol() {
        Protocol written = protocol;
        if (written == null) {
            throw new IllegalStateException("this step needs a request; name an encoding step before it in the route");
        }
        return written;
    }

    /** Fields that the provider does not take. */
    public List<String> dropped() {
        return dropped;
    }

    /** The request, or the list of them, before credentials were added; null while none were. */
    @Nullable
    Object unsigned() {
        return unsigned;
    }

    void unsigned(Object request) {
        this.unsigned = request;
    }

    /** The provider whose own answer the client gets; null: it is translated. */
    @Nullable
    String maker() {
        return passed ? ask.provider().name() : null;
    }

    /** What takes the frames of its stream apart, for one who reads it. */
    FrameReader frames() {
        return protocol == null ? FrameReader.NONE : protocol.frames(ask);
    }

    /** Its whole answer, whatever API it passed in. */
    ChatResponse translated(Answer whole) {
        return switch (whole) {
            case Answer.Translated known -> known.response();
            case Answer.Bytes bytes -> protocol().translated(ask, bytes);
            case Answer.Embedded vectors -> throw new IllegalStateException("embeddings are no chat");
        };
    }

    /** Whether its answer is for this call alone: the provider remembers it, or nobody else could read it. */
    boolean isForItself() {
        return protocol != null && (protocol.remembers() || protocol.isOpaque(ask));
    }
}
