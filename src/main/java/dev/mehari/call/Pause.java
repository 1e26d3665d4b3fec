package dev.mehari.call;

import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.Internal;
import dev.mehari.transport.ClientExchange;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A wait on the call's virtual thread that lasts no longer than its client does. */
final class Pause {
    private Pause() {}

    /** @throws ClientGone nobody waits for the answer any more */
    static void of(Duration time, ClientExchange client) {
        CountDownLatch gone = new CountDownLatch(1);
        client.onGone(gone::countDown);
        try {
            if (gone.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ClientGone();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new Internal(stop);
        }
    }
}
