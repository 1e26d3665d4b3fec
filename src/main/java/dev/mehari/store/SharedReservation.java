package dev.mehari.store;

import dev.mehari.chat.Ids;
import dev.mehari.routing.DeploymentLedger.Reservation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reservation in Redis that is to be given back. Its id tells how long its lease is, from which and its end Redis finds
 * out when it was made, and which replica made it; nothing else need be remembered.
 *
 * @param tokensChange what was used less what was reserved
 * @param requestsChange 0, or -1 when there was no request after all
 */
record SharedReservation(String id, String deployment, long tokensChange, int requestsChange) {
    private static final String PREFIX = "redis:";
    private static final String UNCOUNTED = PREFIX + "uncounted:";

    static String newId(Duration lease, String replica) {
        return Ids.random(PREFIX + lease.toMillis() + ":", 20) + ":" + replica;
    }

    /** The id of one at a deployment without limits: there is nothing to give back. */
    static String newUncountedId() {
        return Ids.random(UNCOUNTED, 20);
    }

    static boolean isOne(Reservation reservation) {
        return reservation.id().startsWith(PREFIX);
    }

    static boolean isCounted(Reservation reservation) {
        return !reservation.id().startsWith(UNCOUNTED);
    }

    /** @param tokens null: as many as were reserved */
    static SharedReservation used(Reservation reservation, @Nullable Long tokens) {
        return new SharedReservation(
                reservation.id(), reservation.deployment(), tokens == null ? 0 : tokens - reservation.tokens(), 0);
    }

    /** One that nobody waits for any more. */
    static SharedReservation undone(String id, String deployment, long tokens) {
        return new SharedReservation(id, deployment, -tokens, -1);
    }

    /** For settle.lua. */
    List<String> arguments() {
        String lease = id.substring(PREFIX.length(), id.indexOf(':', PREFIX.length()));
        return List.of(id, lease, Long.toString(tokensChange), Integer.toString(requestsChange));
    }
}
