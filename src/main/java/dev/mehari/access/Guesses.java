package dev.mehari.access;

import dev.mehari.chat.GatewayException.RateLimited;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who tries keys: so many wrong ones a minute from one address, and further keys are not even looked at until
 * the minute is over. Bounded: of too many addresses the oldest is forgotten. Thread-safe.
 */
public final class Guesses {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_PEERS = 10_000;

    private final int most;
    private final InstantSource clock;
    private final Map<String, Wrong> peers = new LinkedHashMap<>();

    private record Wrong(Instant until, int times) {}

    /** @param most wrong keys a minute */
    public Guesses(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    /**
     * To be asked before a key is looked at.
     *
     * @param peer its address
     * @throws RateLimited too many wrong ones came from there; says how long to wait
     */
    public synchronized void check(String peer) {
        Wrong wrong = peers.get(peer);
        Instant now = clock.instant();
        if (wrong != null && wrong.times() >= most && now.isBefore(wrong.until())) {
            throw new RateLimited(
                    "requests",
                    "Too many wrong keys came from your address; try again in a minute.",
                    Duration.between(now, wrong.until()));
        }
    }

    /** The key was wrong. */
    public synchronized void wrong(String peer) {
        Instant now = clock.instant();
        Wrong before = peers.remove(peer);
        if (before == null && peers.size() >= MOST_PEERS) {
            peers.remove(peers.keySet().iterator().next());
        }
        boolean running = before != null && now.isBefore(before.until());
        peers.put(peer, running ? new Wrong(before.until(), before.times() + 1) : new Wrong(now.plus(WINDOW), 1));
    }
}
