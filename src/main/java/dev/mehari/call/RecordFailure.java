package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code recordFailure}, for the {@code onFallback} of a provider route: notes why the attempt failed. What comes
 * next is for the loop in call.camel.yaml to decide.
 */
@Component
final class RecordFailure implements Processor {
    private static final Logger log = LoggerFactory.getLogger(RecordFailure.class);

    private final Breakers breakers;

    RecordFailure(Breakers breakers) {
        this.breakers = breakers;
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Attempt.of(exchange);
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String provider = attempt.ask().provider().name();
        // With the first failure at the latest: a breaker opens after many.
        Duration shutFor = breakers.shutFor(provider);
        if (attempt.failure() == null) {
            attempt.fail(reason(provider, cause, shutFor));
        }
    }

    /** Nothing was noted and yet there is no answer: the breaker is open, or a step of the route itself broke. */
    private static GatewayException reason(String provider, @Nullable Throwable cause, @Nullable Duration shutFor) {
        if (cause == null || isShortCircuit(cause)) {
            return UpstreamUnavailable.circuitOpen(provider, shutFor);
        }
        if (cause instanceof GatewayException known) {
            // An operator's own step in the route may fail in our words.
            return known;
        }
        log.error("the route of provider \"{}\" failed", provider, cause);
        return new GatewayException.Internal(cause);
    }

    private static boolean isShortCircuit(Throwable cause) {
        return cause instanceof io.github.resilience4j.circuitbreaker.CallNotPermittedException;
    }
}
