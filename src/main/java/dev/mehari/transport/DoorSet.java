package dev.mehari.transport;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/**
 * The doors that the routes of one Camel context open, and how many calls went through them and are still in its routes.
 * Thread-safe.
 */
final class DoorSet {
    private final CamelContext context;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean shut;
    private volatile List<Door> doors = List.of();

    DoorSet(CamelContext context) {
        this.context = context;
    }

    CamelContext context() {
        return context;
    }

    synchronized void add(Door door) {
        // The longest path first, so that the most special door is found.
        doors = Stream.concat(doors.stream(), Stream.of(door))
                .sorted(Comparator.comparingInt((Door d) -> d.path().length()).reversed())
                .toList();
    }

    synchronized void remove(Door door) {
        doors = doors.stream().filter(other -> other != door).toList();
    }

    List<Door> doors() {
        return doors;
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

    /** A call goes in; false: no more may, as other doors are shown now. Who got in must {@link #leave}. */
    boolean enter() {
        // Counted first: whoever shuts the doors and then finds nobody inside knows that nobody will come.
        inside.incrementAndGet();
        if (shut) {
            inside.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        inside.decrementAndGet();
    }

    void shut() {
        shut = true;
    }

    int inside() {
        return inside.get();
    }
}
