package dev.mehari.transport;

/** For whom an answer is fetched: a client, or whoever else may lose interest in it. Thread-safe. */
public interface Audience {
    /** The loop of the client, on which the answer's events are delivered. */
    Loop loop();

    /** Runs a task on the loop when nobody waits for the answer any more; at once when that has happened. Idempotent tasks only. */
    void onGone(Runnable task);
}
