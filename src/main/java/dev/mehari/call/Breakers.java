package dev.mehari.call;

import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.ProviderStatus;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
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
    private final CamelContext camel;
    private final Providers providers;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    Breakers(CamelContext camel, Providers providers) {
        this.camel = camel;
        this.providers = providers;
    }

    /** The breaker of one route. The EIP tells its state, but not until when it lasts; so that is noted as it changes. */
    private static final class Watched {
        private final ResilienceProcessor eip;
        private volatile long shutUntilMillis;

        Watched(ResilienceProcessor eip, CircuitBreaker breaker) {
            this.eip = eip;
            if (breaker.getState() == CircuitBreaker.State.OPEN) {
                shutUntilMillis = System.currentTimeMillis() + openMillis(breaker);
            }
            breaker.getEventPublisher().onStateTransition(event -> {
                boolean opens = event.getStateTransition().getToState() == CircuitBreaker.State.OPEN;
                shutUntilMillis = opens ? System.currentTimeMillis() + openMillis(breaker) : 0;
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
        Provider known = providers.find(provider);
        return known != null && known.isAvailable();
    }

    @Override
    public long shutUntilMillis(String provider) {
        Watched breaker = watch(provider);
        return breaker == null ? 0 : breaker.shutUntilMillis;
    }

    /** How long the provider's breaker will let nothing through; null when it does, or when nobody knows. */
    @Nullable
    Duration shutFor(String provider) {
        long left = shutUntilMillis(provider) - System.currentTimeMillis();
        return left > 0 ? Duration.ofMillis(left) : null;
    }

    /** {@code closed}, {@code open}, {@code half_open} and so on; {@code none} for a route without a breaker. */
    public String state(String provider) {
        Watched breaker = watch(provider);
        return breaker == null ? "none" : breaker.eip.getCircuitBreakerState().toLowerCase(Locale.ROOT);
    }

    private @Nullable Watched watch(String provider) {
        Watched known = watched.get(provider);
        return isUp(known) ? known : watched.compute(provider, (name, stands) -> isUp(stands) ? stands : find(name));
    }

    private static boolean isUp(@Nullable Watched breaker) {
        return breaker != null && breaker.eip.isStarted();
    }

    private @Nullable Watched find(String provider) {
        Route route = camel.getRoute("provider-" + provider);
        if (route != null) {
            for (Processor step : route.filter("*")) {
                if (step instanceof ResilienceProcessor eip && eip.getCircuitBreaker() != null) {
                    return new Watched(eip, eip.getCircuitBreaker());
                }
            }
        }
        return null;
    }
}
