package dev.mehari.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.routing}: how calls find a deployment that answers; groups may set the first four otherwise.
 *
 * @param strategy among deployments of one priority
 * @param retries at the same deployment
 * @param maxAttempts requests sent for one call, retries included
 * @param deadline of all attempts together, until a whole answer or the first token
 * @param backOff the pause before a retry
 * @param cooldown when a deployment is left out, and for how long
 */
public record RoutingSettings(
        @DefaultValue("weighted") Strategy strategy,
        @DefaultValue("0") int retries,
        @DefaultValue("3") int maxAttempts,
        @DefaultValue("600s") Duration deadline,
        @DefaultValue BackOff backOff,
        @DefaultValue Cooldown cooldown) {

    /** In which order the deployments of one priority serve. */
    public enum Strategy {
        /** By their shares. */
        WEIGHTED,
        /** The faster of two. */
        LEAST_LATENCY,
        /** Who has the least under way for its weight. */
        LEAST_BUSY,
        /** The same for one session. */
        STICKY
    }

    /**
     * The pause before a retry: up to a bound, drawn by chance.
     *
     * @param first bound, doubled for each further retry
     * @param longest bound; when upstream asks for more, the deployment is not asked again
     */
    public record BackOff(
            @DefaultValue("200ms") Duration first,
            @DefaultValue("5s") Duration longest) {}

    /**
     * When a deployment is left out, and for how long.
     *
     * @param failures in a row
     * @param errorRate from 0 to 1, over about the last twenty attempts
     * @param first time, doubled for each further one
     * @param refused the same, where a quota is used up or a key or model refused
     * @param longest time, also when upstream asks for more; 0: nothing is ever left out
     * @param rampUp over which its share of the traffic returns
     */
    public record Cooldown(
            @DefaultValue("3") int failures,
            @DefaultValue("0.5") double errorRate,
            @DefaultValue("5s") Duration first,
            @DefaultValue("60s") Duration refused,
            @DefaultValue("10m") Duration longest,
            @DefaultValue("30s") Duration rampUp) {}
}
