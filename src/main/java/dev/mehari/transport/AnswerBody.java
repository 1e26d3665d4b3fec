package dev.mehari.transport;

import dev.mehari.chat.GatewayException.Overloaded;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/** The body of one whole answer as it comes, up to a limit. On the loop of the client it is for. */
final class AnswerBody {
    /** A length that upstream tells is made room for up to here; more comes as it comes. */
    private static final int MOST_TO_TRUST = 1024 * 1024;

    private static final Duration BEFORE_MORE_LARGE_ONES = Duration.ofSeconds(1);

    private final String provider;
    private final int maxBytes;
    private final Audience audience;
    private final BodyMemory memory;
    private final Bytes bytes;

    /** Bytes that are counted in {@link #memory}. */
    private int held;

    /** @param memory what all such answers may take together */
    AnswerBody(HttpClientResponse head, String provider, int maxBytes, Audience audience, BodyMemory memory) {
        this.provider = provider;
        this.maxBytes = maxBytes;
        this.audience = audience;
        this.memory = memory;
        int told = Bytes.length(head.getHeader("content-length"));
        this.bytes = Bytes.expecting(Math.min(told, MOST_TO_TRUST), maxBytes);
    }

    /**
     * Takes the next part.
     *
     * @throws UpstreamProtocol it is too long
     * @throws Overloaded all of them together are
     */
    void add(Buffer part) {
        if (!bytes.add(part)) {
            throw new UpstreamProtocol("provider \"" + provider + "\" answered with more than " + maxBytes + " bytes");
        }
        int more = bytes.length() - held;
        if (more > BodyMemory.STEP) {
            hold(more);
        }
    }

    /** Until nobody waits for the answer any more: until it has gone out, or its client has. */
    private void hold(int more) {
        if (!memory.tryHold(more)) {
            throw new Overloaded("The gateway holds too many large answers already.", BEFORE_MORE_LARGE_ONES);
        }
        boolean first = held == 0;
        held += more;
        if (first) {
            audience.onGone(this::release);
        }
    }

    private void release() {
        memory.release(held);
        held = 0;
    }

    /** The whole of it, once. */
    byte[] all() {
        return bytes.all();
    }
}
