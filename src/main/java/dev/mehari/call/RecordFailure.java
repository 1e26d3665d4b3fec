package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code recordFailure}, for the {@code onFallback} of a provider route: notes why the attempt failed. What comes
 * next is for the loop in chat.camel.yaml to decide.
 */
@Component
final class RecordFailure implements Processor {
    private static final Logger log = LoggerFactory.getLogger(RecordFailure.class);

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Call.of(exchange).attempt();
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String provider = attempt.ask().provider().name();
        if (attempt.failure() == null) {
            // Nothing failed and yet there was no answer: the breaker is open, or a step of the route itself broke.
            attempt.fail(
                    cause == null || isShortCircuit(cause)
                            ? UpstreamUnavailable.circuitOpen(provider)
                            : new GatewayException.Internal(cause));
            if (cause != null && !isShortCircuit(cause)) {
                log.error("the route of provider \"{}\" failed", provider, cause);
            }
        }
    }

    private static boolean isShortCircuit(Throwable cause) {
        return cause instanceof io.github.resilience4j.circuitbreaker.CallNotPermittedException;
    }
}
