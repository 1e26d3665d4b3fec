package dev.mehari.access;

import dev.mehari.chat.GatewayException.Overloaded;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets so many calls in at once and no more. Thread-safe. */
public final class CallGate {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int most;
    private final AtomicInteger inside = new AtomicInteger();

    public CallGate(int most) {
        this.most = most;
    }

    /** @throws Overloaded the gateway is full */
    public void enter() {
        if (inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            throw new Overloaded(
                    "The gateway has " + most + " calls in flight and takes no more for now.", RETRY_AFTER);
        }
    }

    public void leave() {
        inside.decrementAndGet();
    }

    /** Calls in flight. */
    public int inside() {
        return inside.get();
    }
}
