package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The virtual thread's side of a hand-over from the loop. */
final class Awaited {
    private Awaited() {}

    /**
     * Waits for the result; time-outs are the loop's affair.
     *
     * @throws GatewayException with which it failed
     */
    static <T> T by(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof GatewayException known) {
                throw known;
            }
            throw failure;
        }
    }
}
