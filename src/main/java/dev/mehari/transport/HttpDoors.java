package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.Internal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The engine behind the routes' {@code platform-http:} endpoints: finds the door for a request and runs its route on a
 * virtual thread, so that routes may block. Only sockets live on event loops. Thread-safe.
 *
 * <p>Several Camel contexts may have doors here; requests go through those of one of them, and {@link #show} changes which
 * one in a single write: that is how edited routes come into use. Calls that are inside stay in the context they entered.
 *
 * <p>Camel's own engines do not fit: the servlet one keeps a thread and large buffers for each open stream and does not
 * hear of a client that leaves, the Vert.x one reads each chunk of a body on a worker thread (docs/architecture.md).
 */
public final class HttpDoors extends ServiceSupport implements PlatformHttpEngine {
    private static final Logger log = LoggerFactory.getLogger(HttpDoors.class);

    private final FaultAnswers faults;
    private final Consumer<Refusal> refusals;
    private final Map<CamelContext, DoorSet> sets = new ConcurrentHashMap<>();
    private volatile @Nullable DoorSet shown;

    /** @param refusals told of requests that come to no door; on their loop, must not block */
    public HttpDoors(FaultAnswers faults, Consumer<Refusal> refusals) {
        this.faults = faults;
        this.refusals = refusals;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor route) {
        return new Door(endpoint, route, this);
    }

    /** The first context's doors are open at once, those of further ones when they are shown. */
    void open(Door door) {
        door.set().add(door);
        if (shown == null) {
            shown = door.set();
        }
    }

    /** Where a new door of that context belongs. */
    DoorSet set(CamelContext context) {
        return sets.computeIfAbsent(context, DoorSet::new);
    }

    /** The context whose doors requests go through; null before there are any. */
    public @Nullable CamelContext context() {
        DoorSet set = shown;
        return set == null ? null : set.context();
    }

    /** Lets requests go through the doors of this context from now on. Those that are inside another one stay there. */
    public void show(CamelContext context) {
        DoorSet before = shown;
        DoorSet after = set(context);
        shown = after;
        if (before != null && before != after) {
            before.shut();
        }
    }

    /** How many calls are in the routes of a context. Once its doors are no longer shown and nobody is inside, nobody comes. */
    public int inside(CamelContext context) {
        DoorSet set = sets.get(context);
        return set == null ? 0 : set.inside();
    }

    /** Lets go of a context that is not shown and will not be. */
    public void forget(CamelContext context) {
        sets.remove(context);
    }

    /**
     * The door for a method and path.
     *
     * @throws HttpFault 404 when the path has no door, 405 when its doors take other methods
     */
    Door find(String method, String path) {
        DoorSet set = shown;
        boolean known = false;
        for (Door door : set == null ? List.<Door>of() : set.doors()) {
            if (door.opensAt(path)) {
                if (door.takes(method)) {
                    return door;
                }
                known = true;
            }
        }
        throw known
                ? new HttpFault(
                        405,
                        "method_not_supported",
                        "Method " + method + " is not allowed here; use " + String.join(" or ", methodsAt(path)) + ".")
                : new HttpFault(404, "unknown_url", "Unknown path: " + method + " " + path);
    }

    /** The methods that the doors of a path take. */
    List<String> methodsAt(String path) {
        DoorSet set = shown;
        return set == null ? List.of() : set.methodsAt(path);
    }

    /** Runs the door's route for a request, on a virtual thread of its own. */
    void enter(Door door, ClientExchange client) {
        Thread.ofVirtual().name(client.request().id()).start(() -> enterOrAskAgain(door, client));
    }

    private void enterOrAskAgain(Door found, ClientExchange client) {
        // In each line that its thread logs.
        MDC.put("request_id", client.request().id());
        Door door = found;
        try {
            // Reading the body takes time: other doors may be shown by now.
            while (!door.set().enter()) {
                door = find(client.request().method(), client.request().path());
            }
        } catch (HttpFault gone) {
            refuse(client, gone);
            return;
        }
        try {
            run(door, client);
        } finally {
            door.set().leave();
        }
    }

    private void run(Door door, ClientExchange client) {
        Exchange exchange = door.newExchange();
        try {
            RouteExchange.fill(exchange, door, client);
            door.createUoW(exchange);
            door.getProcessor().process(exchange);
            if (exchange.getException() != null) {
                refuse(client, exchange.getException());
            } else {
                RouteExchange.answer(exchange, client);
            }
        } catch (Throwable failure) {
            // Errors too: nobody else would end the answer.
            refuse(client, failure);
        } finally {
            door.doneUoW(exchange);
            door.releaseExchange(exchange, false);
        }
    }

    private void refuse(ClientExchange client, Throwable failure) {
        ClientRequest request = client.request();
        if (!(failure instanceof GatewayException)) {
            log.error("{} {} failed [{}]", request.method(), request.path(), request.id(), failure);
        }
        client.answer(faults.answer(
                request.path(),
                request.id(),
                failure instanceof GatewayException known ? known : new Internal(failure)));
    }

    void refused(Refusal refusal) {
        refusals.accept(refusal);
    }

    ErrorAnswer fault(String path, String requestId, GatewayException fault) {
        return faults.answer(path, requestId, fault);
    }
}
