package dev.mehari.testing;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Notices when the other side closes a connection, by reading from it while a script waits. */
public final class Closed {
    private final Socket socket;
    private final CompletableFuture<Long> at = new CompletableFuture<>();

    Closed(Socket socket) {
        this.socket = socket;
    }

    /** Begins to read; the gateway sends nothing more on this connection, so the next thing is its end. */
    void watch() {
        Thread.ofVirtual().start(() -> {
            try {
                while (socket.getInputStream().read() >= 0) {
                    // Nothing is expected before the end.
                }
            } catch (IOException reset) {
                // A reset is an end too.
            }
            at.complete(System.nanoTime());
        });
    }

    /** A script has found it closed. */
    void note() {
        at.complete(System.nanoTime());
    }

    public boolean isClosed() {
        return at.isDone();
    }

    /**
     * Waits until the connection is closed.
     *
     * @return the {@link System#nanoTime} of it
     */
    public long await(Duration most) {
        try {
            return at.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("the gateway kept the upstream connection open for " + most, late);
        } catch (InterruptedException | ExecutionException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
