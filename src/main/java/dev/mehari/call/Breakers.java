package dev.mehari.call;

import dev.mehari.chat.SteadyClock;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.ProviderStatus;
import dev.mehari.transport.HttpDoors;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The circuit breakers in the providers' routes, as seen from outside. Found when first asked for, and again when a route
 * was loaded anew. Thread-safe.
 */
@Component
public final class Breakers implements ProviderStatus {
    private final HttpDoors doors;
    private final Providers providers;
    private final SuspendedProviders suspended;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    Breakers(HttpDoors doors, Providers providers, SuspendedProviders suspended) {
        this.doors = doors;
        this.providers = providers;
        this.suspended = suspended;
    }

    /** The breaker of one route. It tells its state, but not until when it lasts; so that is noted as it changes. */
    private static final class Watched {
        private final CircuitBreaker breaker;
        private volatile ResilienceProcessor eip;
        private volatile long shutUntilMillis;

        Watched(ResilienceProcessor eip, CircuitBreaker breaker) {
            this.eip = eip;
            this.breaker = breaker;
            if (breaker.getState() == CircuitBreaker.State.OPEN) {
                shutUntilMillis = SteadyClock.OF_PROCESS.millis() + openMillis(breaker);
            }
            breaker.getEventPublisher().onStateTransition(event -> {
                boolean opens = event.getStateTransition().getToState() == CircuitBreaker.State.OPEN;
                shutUntilMillis = opens ? SteadyClock.OF_PROCESS.millis() + openMillis(breaker) : 0;
            });
        }

        private static long openMillis(CircuitBreaker breaker) {
            // Of the first attempt: the EIP knows no other.
            return breaker.getCircuitBreakerConfig()
                    .getWaitIntervalFunctionInOpenState()
                    .apply(1);
        }
    }

    @Override
    public boolean isAvailable(String provider) {
        Provider known = providers.findEvenDeparted(provider);
        return known != null && known.isAvailable() && !suspended.contains(provider);
    }

    @Override
    public long shutUntilMillis(String provider) {
        Watched breaker = watch(provider);
        return breaker == null ? 0 : breaker.shutUntilMillis;
    }

    /** How long the provider's breaker will let nothing through; null when it does, or when nobody knows. */
    @Nullable
    Duration shutFor(String provider) {
        long left = shutUntilMillis(provider) - SteadyClock.OF_PROCESS.millis();
        return left > 0 ? Duration.ofMillis(left) : null;
    }

    /** {@code closed}, {@code open}, {@code half_open} and so on; {@code none} for a route without a breaker. */
    public String state(String provider) {
        Watched breaker = watch(provider);
        return breaker == null ? "none" : breaker.breaker.getState().name().toLowerCase(Locale.ROOT);
    }

    private @Nullable Watched watch(String provider) {
        Watched known = watched.get(provider);
        return isUp(known)
                ? known
                : watched.compute(provider, (name, stands) -> isUp(stands) ? stands : find(name, stands));
    }

    private boolean isUp(@Nullable Watched watched) {
        return watched != null && watched.eip.isStarted() && watched.eip.getCamelContext() == doors.context();
    }

    /** @param before what was there until the routes were loaded anew; the breaker may still be the same */
    private @Nullable Watched find(String provider, @Nullable Watched before) {
        for (ResilienceProcessor eip : of(doors.context(), "provider-" + provider)) {
            CircuitBreaker breaker = eip.getCircuitBreaker();
            if (breaker == null) {
                continue;
            }
            if (before != null && before.breaker == breaker) {
                before.eip = eip;
                return before;
            }
            return new Watched(eip, breaker);
        }
        return null;
    }

    /**
     * Lets the breakers of a route be those of the same route in another context, with all that they remember: for routes
     * that were loaded anew and whose breakers did not change. Both contexts have been started, and calls do not go to the
     * second one yet.
     */
    public static void keep(CamelContext before, CamelContext after, String routeId) {
        List<ResilienceProcessor> old = of(before, routeId);
        List<ResilienceProcessor> fresh = of(after, routeId);
        for (int i = 0; old.size() == fresh.size() && i < old.size(); i++) {
            CircuitBreaker breaker = old.get(i).getCircuitBreaker();
            if (breaker != null) {
                fresh.get(i).setCircuitBreaker(breaker);
            }
        }
    }

    private static List<ResilienceProcessor> of(@Nullable CamelContext camel, String routeId) {
        Route route = camel == null ? null : camel.getRoute(routeId);
        return route == null
                ? List.of()
                : route.filter("*").stream()
                        .filter(ResilienceProcessor.class::isInstance)
                        .map(ResilienceProcessor.class::cast)
                        .toList();
    }
}
