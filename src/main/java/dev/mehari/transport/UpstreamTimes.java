package dev.mehari.transport;

import org.jspecify.annotations.Nullable;

/**
 * When one attempt got how far at its provider, as {@link System#nanoTime()}; 0: it did not. Of several requests in one
 * attempt the first to begin and the last to be answered count. Written on the attempt's loop; to be read by others once
 * the attempt is over.
 */
public final class UpstreamTimes {
    private long connecting;
    private long connected;
    private @Nullable Boolean newConnection;
    private long sent;
    private long headers;
    private long answered;
    private long ended;

    /** Somebody is to be asked. */
    public void begins() {
        if (connecting == 0) {
            connecting = System.nanoTime();
        }
    }

    void connected(boolean anew) {
        if (connected == 0) {
            connected = System.nanoTime();
            newConnection = anew;
        }
    }

    /** The request is on its way, or was handed to whoever answers without one. */
    public void sent() {
        if (sent == 0) {
            sent = System.nanoTime();
        }
    }

    void headers() {
        if (headers == 0) {
            headers = System.nanoTime();
        }
    }

    /** The whole answer is there, or the first meaningful event of a stream. */
    public void answered() {
        answered(System.nanoTime());
    }

    /** The same, some time ago. */
    public void answered(long nanos) {
        answered = nanos;
    }

    /** Nothing more comes: the answer is complete, or there will be none. */
    public void ended() {
        ended = System.nanoTime();
    }

    public long connectingNanos() {
        return connecting;
    }

    public long connectedNanos() {
        return connected;
    }

    /** Whether a connection was made for it; null: there was none. */
    public @Nullable Boolean newConnection() {
        return newConnection;
    }

    public long sentNanos() {
        return sent;
    }

    public long headersNanos() {
        return headers;
    }

    public long answeredNanos() {
        return answered;
    }

    public long endedNanos() {
        return ended;
    }
}
