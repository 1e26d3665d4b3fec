package dev.mehari.routing;

import dev.mehari.chat.GatewayException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as its deployment sees it: begun, sent, answering, over. How it ended counts once, whoever tells it first:
 * the call's thread or its loop. Thread-safe.
 */
public final class Trial {
    private final DeploymentState state;
    private final boolean probe;
    private long sentNanos;
    private boolean sent;
    private boolean answering;
    private boolean over;

    Trial(DeploymentState state, boolean probe) {
        this.state = state;
        this.probe = probe;
    }

    public DeploymentState state() {
        return state;
    }

    /** The request is about to go out; once more, when it has to be signed anew. */
    public synchronized void sent() {
        if (sent || over) {
            return;
        }
        sentNanos = System.nanoTime();
        sent = true;
        state.stats().sent();
    }

    /** Whether a request went out. */
    public synchronized boolean wasSent() {
        return sent;
    }

    /** Whether there was an answer, or the first token of a stream. */
    public synchronized boolean isAnswering() {
        return answering;
    }

    /** The provider told what is left of its limits. */
    public void told(DeploymentState.Allowance allowance) {
        state.told(allowance);
    }

    /**
     * There is an answer, or the first token of a stream.
     *
     * @return whether a cooldown ended with it
     */
    public synchronized boolean answers(boolean stream) {
        if (answering || over) {
            return false;
        }
        answering = true;
        if (stream) {
            state.stats().firstToken(System.nanoTime() - sentNanos);
        }
        return state.health().answers(probe);
    }

    /** The answer came to its end. False when the attempt was over before. */
    public synchronized boolean succeeded(boolean stream) {
        if (over) {
            return false;
        }
        over = true;
        state.stats().succeeded(System.nanoTime() - sentNanos, stream);
        state.health().succeeded();
        return true;
    }

    /** How a failure was taken. */
    public sealed interface Verdict {
        /** The attempt was over before; nothing changes. */
        record Known() implements Verdict {}

        /** @param coolUntil until when the deployment is left out, where that is news */
        record Counted(@Nullable Instant coolUntil) implements Verdict {}
    }

    /** The attempt failed, before or after it had begun to be answered. */
    public synchronized Verdict failed(GatewayException failure) {
        if (over) {
            return new Verdict.Known();
        }
        over = true;
        FailureClass why = FailureClass.of(failure);
        boolean wasAsked = sent || why.isCertain() || failure.upstreamIll();
        if (!wasAsked) {
            // An open breaker, or a request that does not fit: nothing was learnt of the deployment.
            state.health().released(probe);
            return new Verdict.Counted(null);
        }
        state.stats().failed(why, sent);
        Instant until = state.health().failed(why, failure.retryAfter(), probe);
        if (until != null) {
            state.stats().evicted();
        }
        return new Verdict.Counted(until);
    }
}
