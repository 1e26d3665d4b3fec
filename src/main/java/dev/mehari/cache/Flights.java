package dev.mehari.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The questions under way, so that what many ask at once is asked upstream once. Thread-safe. */
public final class Flights {
    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();

    /** Begins one. Null when it is under way already: {@link #find} has it, if it has not ended meanwhile. */
    public @Nullable Flight begin(CacheKey key) {
        Flight fresh = new Flight();
        return flights.putIfAbsent(key, fresh) == null ? fresh : null;
    }

    public @Nullable Flight find(CacheKey key) {
        return flights.get(key);
    }

    /** There is an answer, or the beginning of one; whoever asks from now on may share it too, until the flight ends. */
    public void answered(Flight flight, Answering answering) {
        flight.tell(new Flight.Outcome.Answered(answering));
    }

    /** Ends one. Whoever waits for it still is told how. */
    public void end(CacheKey key, Flight flight, Flight.Outcome outcome) {
        flights.remove(key, flight);
        flight.tell(outcome);
    }

    /** How many are under way. */
    public int size() {
        return flights.size();
    }
}
