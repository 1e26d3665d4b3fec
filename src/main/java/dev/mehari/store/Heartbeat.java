package dev.mehari.store;

import dev.mehari.chat.Ids;
import java.time.Duration;
import java.util.List;

/**
 * Tells Redis again and again that this replica lives, so that what it holds there is free soon after it died, and not
 * only when the leases end. Thread-safe.
 */
final class Heartbeat {
    private static final Script ALIVE = Script.named("alive");
    private static final Duration EVERY = Duration.ofSeconds(10);

    /** A stop of the whole machine for half a minute is no death. */
    private static final Duration COUNTS_FOR = Duration.ofSeconds(45);

    /** Longer than any lease: for that long it matters who is dead. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Redis redis;
    private final String replica = Ids.random("", 10);
    private final Duration countsFor;

    private Heartbeat(Redis redis, Duration countsFor) {
        this.redis = redis;
        this.countsFor = countsFor;
    }

    /** Begins, and goes on until Redis is closed. */
    static Heartbeat start(Redis redis) {
        return start(redis, EVERY, COUNTS_FOR);
    }

    static Heartbeat start(Redis redis, Duration every, Duration countsFor) {
        Heartbeat heartbeat = new Heartbeat(redis, countsFor);
        redis.onReturn(heartbeat::beat);
        redis.every(every, heartbeat::beat);
        return heartbeat;
    }

    /** This replica's name among all. */
    String replica() {
        return replica;
    }

    static String key(Redis redis) {
        return redis.key("alive", "replicas");
    }

    private void beat() {
        if (redis.isThere()) {
            redis.send(
                    ALIVE,
                    List.of(key(redis)),
                    List.of(replica, Long.toString(countsFor.toMillis()), Long.toString(REMEMBERED.toMillis())));
        }
    }
}
