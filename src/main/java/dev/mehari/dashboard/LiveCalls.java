package dev.mehari.dashboard;

import dev.mehari.access.CallGate;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException.Overloaded;
import dev.mehari.chat.RequestFacts;
import dev.mehari.transport.EventFeed;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Tells open pages of calls as they end: a few times a second those that have ended meanwhile, every two seconds how many
 * are under way. While nobody looks a call costs an entry in a ring; while somebody does, one virtual thread works for all
 * of them. Thread-safe.
 */
@Component
final class LiveCalls implements CallObserver {
    private static final Logger log = LoggerFactory.getLogger(LiveCalls.class);

    static final int MOST_VIEWERS = 50;

    /** Of those that ended before a page was opened, and between two beats. */
    private static final int MOST_ROWS = 100;

    private static final Duration BEAT = Duration.ofMillis(250);
    private static final int BEATS_A_PULSE = 8;

    private final Latest<CallRecord> latest = new Latest<>(2 * MOST_ROWS);
    private final Map<EventFeed, BooleanSupplier> viewers = new HashMap<>();
    private final CallGate gate;
    private boolean running;
    private boolean closed;
    private long told;

    LiveCalls(CallGate gate) {
        this.gate = gate;
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        latest.add(call.withoutContent());
    }

    /**
     * A page that is to be told.
     *
     * @param mayLook asked now and then whether it still may
     * @throws Overloaded too many are open
     */
    EventFeed open(BooleanSupplier mayLook) {
        synchronized (viewers) {
            if (closed || viewers.size() >= MOST_VIEWERS) {
                throw new Overloaded("Too many dashboards are open.", Duration.ofSeconds(10));
            }
        }
        return new EventFeed(feed -> add(feed, mayLook), this::remove);
    }

    private void add(EventFeed feed, BooleanSupplier mayLook) {
        synchronized (viewers) {
            if (!running) {
                running = true;
                told = latest.last();
                Thread.ofVirtual().name("live-calls").start(this::run);
            }
            // What comes after is told to all; so nothing is told twice or left out.
            feed.send(rows(told - MOST_ROWS, told));
            feed.send(pulse());
            viewers.put(feed, mayLook);
        }
    }

    private void remove(EventFeed feed) {
        synchronized (viewers) {
            viewers.remove(feed);
        }
    }

    private void run() {
        for (int beat = 1; tell(beat % BEATS_A_PULSE == 0); beat++) {
            LockSupport.parkNanos(BEAT.toNanos());
        }
    }

    /** Tells all viewers what is new; false when there are none. */
    private boolean tell(boolean pulse) {
        synchronized (viewers) {
            if (viewers.isEmpty()) {
                running = false;
                return false;
            }
            try {
                long last = latest.last();
                if (last > told) {
                    byte[] news = rows(told, last);
                    viewers.keySet().forEach(feed -> feed.send(news));
                    told = last;
                }
                if (pulse) {
                    byte[] beat = pulse();
                    viewers.forEach((feed, mayLook) -> pulse(feed, mayLook, beat));
                }
            } catch (RuntimeException defect) {
                log.error("open dashboards were not told of calls", defect);
            }
            return true;
        }
    }

    private static void pulse(EventFeed feed, BooleanSupplier mayLook, byte[] beat) {
        if (mayLook.getAsBoolean()) {
            feed.send(beat);
        } else {
            feed.end();
        }
    }

    /** The event of the calls after one number up to another, and how many of them it leaves out. */
    private byte[] rows(long after, long upTo) {
        List<CallRecord> calls = latest.after(Math.max(0, after), upTo, MOST_ROWS);
        ByteSink out = new ByteSink(1024);
        out.write("event: calls\ndata: {\"first\":" + (Math.max(0, after) + 1) + ",\"last\":" + upTo + ",\"calls\":[");
        for (int i = 0; i < calls.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            LiveRow.write(calls.get(i), out);
        }
        return out.write("]}\n\n").toByteArray();
    }

    private byte[] pulse() {
        return new ByteSink(128)
                .write("event: pulse\ndata: {\"in_flight\":" + gate.inside() + ",\"waiting\":" + gate.waiting()
                        + "}\n\n")
                .toByteArray();
    }

    /** Before the gateway waits for what is open: pages would keep it waiting. */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @EventListener(ContextClosedEvent.class)
    void close() {
        synchronized (viewers) {
            closed = true;
            // On their loops, and so not while we go through them; but the closing thread may be one.
            List.copyOf(viewers.keySet()).forEach(EventFeed::end);
        }
    }
}
