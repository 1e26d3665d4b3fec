package dev.mehari.reload;

import dev.mehari.routing.Histogram;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts what goes through each route, by its id: a route that is loaded anew goes on counting. A route ends where its
 * answer begins to flow. Thread-safe; on the path it costs one property and a few adders.
 */
@Component
final class RouteNumbers implements RoutePolicyFactory {
    private static final String BEGUN = "begun";

    private final InstantSource clock;
    private final Map<String, Numbers> byRoute = new ConcurrentHashMap<>();

    RouteNumbers(InstantSource clock) {
        this.clock = clock;
    }

    /** Of one route. */
    static final class Numbers {
        private final LongAdder begun = new LongAdder();
        private final LongAdder ended = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final Histogram times;

        Numbers(InstantSource clock) {
            this.times = new Histogram(clock);
        }

        long calls() {
            return begun.sum();
        }

        long failures() {
            return failed.sum();
        }

        long inFlight() {
            return Math.max(0, begun.sum() - ended.sum());
        }

        /** Of all that have ended; 0 when none has. */
        double meanMillis() {
            long ended = this.ended.sum();
            return ended == 0 ? 0 : nanos.sum() / 1e6 / ended;
        }

        /** Over the last minutes; 0 when there was nothing. */
        double p99Millis() {
            double[] found = times.percentiles(0.99);
            return found.length == 0 ? 0 : found[0];
        }
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        return new Counting(of(routeId));
    }

    Numbers of(String routeId) {
        return byRoute.computeIfAbsent(routeId, added -> new Numbers(clock));
    }

    void keepOnly(Set<String> routeIds) {
        byRoute.keySet().retainAll(routeIds);
    }

    /**
     * That a route was entered, and from which. One property for all of them, since a circuit breaker copies each; and
     * unchanging, since copies of an exchange, which may run beside each other, share it.
     */
    private record Begun(
            Numbers numbers, long nanos, @Nullable Begun around) {}

    private static final class Counting extends RoutePolicySupport {
        private final Numbers numbers;

        Counting(Numbers numbers) {
            this.numbers = numbers;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            numbers.begun.increment();
            exchange.setProperty(
                    BEGUN, new Begun(numbers, System.nanoTime(), exchange.getProperty(BEGUN, Begun.class)));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            numbers.ended.increment();
            if (exchange.isFailed()) {
                numbers.failed.increment();
            }
            Begun begun = exchange.getProperty(BEGUN, Begun.class);
            // Past routes that never came to their end.
            while (begun != null && begun.numbers() != numbers) {
                begun = begun.around();
            }
            if (begun != null) {
                exchange.setProperty(BEGUN, begun.around());
                long took = System.nanoTime() - begun.nanos();
                numbers.nanos.add(took);
                numbers.times.add(took);
            }
        }
    }
}
