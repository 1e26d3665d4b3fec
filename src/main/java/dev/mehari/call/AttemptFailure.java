package dev.mehari.call;

import dev.mehari.chat.GatewayException;

/** How an attempt fails inside its circuit breaker. */
final class AttemptFailure {
    private AttemptFailure() {}

    /**
     * Notes why the attempt failed. Thrown on only when the provider is ill, so that the breaker counts it; a rejection
     * or a departed client passes the breaker as a value (the EIP would clear an ignored exception and call it success).
     */
    static void note(Attempt attempt, GatewayException failure) {
        attempt.fail(failure);
        if (failure.upstreamIll()) {
            throw failure;
        }
    }
}
