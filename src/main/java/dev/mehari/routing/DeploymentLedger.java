package dev.mehari.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all replicas must agree on about deployments: which of them cool down, and how much of their limits is used. One
 * operation a call on the path; what follows an attempt is told without waiting. Thread-safe.
 */
public interface DeploymentLedger {

    /**
     * Reserves one request, with its tokens, at the first of these deployments that is neither cooling down nor at one
     * of its limits, in one atomic step.
     *
     * @param candidates in the order in which they should serve, at least one
     * @param tokens the most that the call may use, prompt and answer
     * @param lease after which the reservation counts as given back, should this process die with it
     * @return the reservation, or why each candidate could not take it
     */
    Outcome reserve(List<Candidate> candidates, long tokens, Duration lease);

    /**
     * Gives a reservation back: the slot is free, and its tokens become those really used. Never waits.
     *
     * @param tokens really used; null when unknown, so that the estimate stands
     */
    void settle(Reservation reservation, @Nullable Long tokens);

    /** Leaves a deployment out until then; an earlier deadline than the one that stands changes nothing. Never waits. */
    void cool(String deployment, Instant until);

    /** A deployment has answered well: its cooldown is over. Never waits. */
    void recovered(String deployment);

    /**
     * A deployment with its limits.
     *
     * @param deployment its name, the same in every replica
     * @param evenCooling whether it may serve although it cools down: a probe, or the only one left
     */
    record Candidate(String deployment, Limits limits, boolean evenCooling) {}

    /** How much a deployment may be asked; null: as much as it takes. */
    record Limits(
            @Nullable Integer requestsPerMinute,
            @Nullable Long tokensPerMinute,
            @Nullable Integer concurrentCalls) {
        public static final Limits NONE = new Limits(null, null, null);

        public boolean isNone() {
            return requestsPerMinute == null && tokensPerMinute == null && concurrentCalls == null;
        }
    }

    /**
     * A request that counts against a deployment's limits until it is settled.
     *
     * @param id unique over all replicas
     */
    record Reservation(String id, String deployment, long tokens) {}

    /** What became of the wish to reserve. */
    sealed interface Outcome {
        /** @param refused those in front of the chosen one */
        record Reserved(Reservation reservation, List<Refusal> refused) implements Outcome {}

        /** None can take it now. */
        record Refused(List<Refusal> refused) implements Outcome {}
    }

    /**
     * Why a deployment was passed over.
     *
     * @param retryAfter when it may take a request again
     */
    record Refusal(String deployment, Reason reason, Duration retryAfter) {
        public enum Reason {
            COOLING,
            REQUESTS,
            TOKENS,
            CONCURRENCY
        }
    }
}
