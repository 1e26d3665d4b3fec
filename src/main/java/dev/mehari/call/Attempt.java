package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One try of a call at one deployment: it ends with an answer or a failure. Belongs to the call's virtual thread. */
public final class Attempt {
    private final Ask ask;
    private @Nullable Object answer;
    private @Nullable GatewayException failure;
    private @Nullable Protocol protocol;
    private List<String> dropped = List.of();
    private @Nullable Object unsigned;

    Attempt(Ask ask) {
        this.ask = ask;
    }

    /** What is asked of which provider. */
    public Ask ask() {
        return ask;
    }

    /** Either a {@link dev.mehari.chat.Answer} or an {@link dev.mehari.transport.AnswerStream}; null until there is one. */
    public @Nullable Object answer() {
        return answer;
    }

    void succeed(Object answer) {
        this.answer = answer;
        this.failure = null;
    }

    public @Nullable GatewayException failure() {
        return failure;
    }

    /** The first reason counts: what follows from it is no news. */
    void fail(GatewayException reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    /** The protocol that its request was written in. */
    Protocol protocol() {
        Protocol written = protocol;
        if (written == null) {
            throw new IllegalStateException("this step needs a request; name an encoding step before it in the route");
        }
        return written;
    }

    /** Request fields that the provider does not take. */
    public List<String> dropped() {
        return dropped;
    }

    void encoded(Protocol protocol, List<String> dropped) {
        this.protocol = protocol;
        this.dropped = List.copyOf(dropped);
    }

    /** Its request, or the list of them, before credentials were added; null while none were. */
    @Nullable
    Object unsigned() {
        return unsigned;
    }

    void unsigned(Object request) {
        this.unsigned = request;
    }
}
