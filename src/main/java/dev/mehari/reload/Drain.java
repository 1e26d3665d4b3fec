package dev.mehari.reload;

import dev.mehari.transport.HttpDoors;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the last call has left a context that no longer serves, then stops it. Streams that flow need no context any
 * more: their routes have ended. Thread-safe.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);
    private static final long PAUSE_NANOS = 50_000_000;

    private final HttpDoors doors;
    private final Set<CamelContext> draining = ConcurrentHashMap.newKeySet();
    private volatile @Nullable CamelContext shell;
    private volatile boolean ended;

    Drain(HttpDoors doors) {
        this.doors = doors;
    }

    /** This context is Spring's to stop, at the gateway's end; before that it only loses its routes. */
    void keepsShell(CamelContext first) {
        shell = first;
    }

    /** Returns at once. */
    void begin(CamelContext camel) {
        draining.add(camel);
        Thread.ofVirtual().name("drain").start(() -> run(camel));
    }

    int count() {
        return draining.size();
    }

    private void run(CamelContext camel) {
        while (isBusy(camel)) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        try {
            if (camel == shell) {
                empty(camel);
            } else {
                camel.stop();
            }
        } catch (Exception failure) {
            log.error("routes that are no longer in use could not be stopped", failure);
        } finally {
            doors.forget(camel);
            draining.remove(camel);
        }
    }

    private boolean isBusy(CamelContext camel) {
        return !ended
                && (doors.inside(camel) > 0 || camel.getInflightRepository().size() > 0);
    }

    private static void empty(CamelContext camel) throws Exception {
        for (Route route : List.copyOf(camel.getRoutes())) {
            camel.getRouteController().stopRoute(route.getId());
            camel.removeRoute(route.getId());
        }
        camel.getEndpoints().forEach(endpoint -> {
            try {
                camel.removeEndpoint(endpoint);
            } catch (Exception stubborn) {
                log.debug("an endpoint could not be removed", stubborn);
            }
        });
    }

    /** The gateway ends, and nobody calls any more. */
    void end(CamelContext live) {
        ended = true;
        if (live != shell) {
            live.stop();
        }
    }
}
