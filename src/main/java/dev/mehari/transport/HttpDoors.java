package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.Internal;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine behind the routes' {@code platform-http:} endpoints: finds the door for a request and runs its route on a
 * virtual thread, so that routes may block. Only sockets live on event loops. Thread-safe.
 *
 * <p>Camel's own engines do not fit: the servlet one keeps a thread and large buffers for each open stream and does not
 * hear of a client that leaves, the Vert.x one reads each chunk of a body on a worker thread (docs/architecture.md).
 */
public final class HttpDoors extends ServiceSupport implements PlatformHttpEngine {
    private static final Logger log = LoggerFactory.getLogger(HttpDoors.class);

    private final FaultAnswers faults;
    private final Consumer<Refusal> refusals;
    private final List<Door> doors = new CopyOnWriteArrayList<>();

    /** @param refusals told of requests that come to no door; on their loop, must not block */
    public HttpDoors(FaultAnswers faults, Consumer<Refusal> refusals) {
        this.faults = faults;
        this.refusals = refusals;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor route) {
        return new Door(endpoint, route, this);
    }

    void open(Door door) {
        doors.add(door);
        // The longest path first, so that the most special door is found.
        List<Door> sorted = doors.stream()
                .sorted(Comparator.comparingInt((Door d) -> d.path().length()).reversed())
                .toList();
        doors.clear();
        doors.addAll(sorted);
    }

    void close(Door door) {
        doors.remove(door);
    }

    /**
     * The door for a method and path.
     *
     * @throws HttpFault 404 when the path has no door, 405 when its doors take other methods
     */
    Door find(String method, String path) {
        boolean known = false;
        for (Door door : doors) {
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
        return doors.stream()
                .filter(door -> door.opensAt(path))
                .flatMap(door -> door.methods().stream())
                .distinct()
                .sorted()
                .collect(Collectors.toList());
    }

    /** Runs the door's route for a request, on a virtual thread of its own. */
    void enter(Door door, ClientExchange client) {
        Thread.ofVirtual().name(client.requestId()).start(() -> run(door, client));
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
        if (!(failure instanceof GatewayException)) {
            log.error("{} {} failed [{}]", client.method(), client.path(), client.requestId(), failure);
        }
        client.answer(faults.answer(
                client.path(),
                client.requestId(),
                failure instanceof GatewayException known ? known : new Internal(failure)));
    }

    void refused(Refusal refusal) {
        refusals.accept(refusal);
    }

    ErrorAnswer fault(String path, String requestId, GatewayException fault) {
        return faults.answer(path, requestId, fault);
    }
}
