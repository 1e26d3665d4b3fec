package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Usage;
import dev.mehari.routing.DeploymentLedger;
import dev.mehari.routing.DeploymentLedger.Reservation;
import dev.mehari.routing.Trial;
import org.jspecify.annotations.Nullable;

/**
 * The place of one attempt at its deployment, from the reservation to the end of its answer: the deployment's health and
 * numbers hear how it went, and the ledger gets the reservation back with what was really used. Once, whoever tells it
 * first: the call's thread or its loop. Nothing here waits. Thread-safe.
 */
final class Booking {
    private final DeploymentLedger ledger;
    private final Reservation reservation;
    private final Trial trial;
    private final boolean stream;

    Booking(DeploymentLedger ledger, Reservation reservation, Trial trial, boolean stream) {
        this.ledger = ledger;
        this.reservation = reservation;
        this.trial = trial;
        this.stream = stream;
    }

    Trial trial() {
        return trial;
    }

    /** There is an answer, or the first token of a stream. */
    void answers() {
        if (trial.answers(stream)) {
            ledger.recovered(reservation.deployment());
        }
    }

    /** The answer has come to its end. */
    void succeeded(@Nullable Usage usage) {
        answers();
        if (trial.succeeded(stream)) {
            ledger.settle(reservation, used(usage));
        }
    }

    /** No answer, or one that broke off. */
    void failed(GatewayException failure, @Nullable Usage usage) {
        switch (trial.failed(failure)) {
            case Trial.Verdict.Known known -> {}
            case Trial.Verdict.Counted counted -> {
                ledger.settle(reservation, usage == null ? usedBy(failure) : used(usage));
                if (counted.coolUntil() != null) {
                    ledger.cool(reservation.deployment(), counted.coolUntil());
                }
            }
        }
    }

    /** A rejected request used no tokens. One that was given up may have used many, so that the estimate stands. */
    private @Nullable Long usedBy(GatewayException failure) {
        boolean mayHaveWorked = trial.isAnswering()
                || failure instanceof GatewayException.UpstreamTimeout
                || failure instanceof GatewayException.ClientGone;
        return trial.wasSent() && mayHaveWorked ? null : 0L;
    }

    private static @Nullable Long used(@Nullable Usage usage) {
        if (usage == null || (usage.promptTokens() == null && usage.completionTokens() == null)) {
            return null;
        }
        return orZero(usage.promptTokens()) + orZero(usage.completionTokens());
    }

    private static long orZero(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }
}
