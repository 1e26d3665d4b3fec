package dev.mehari.routing;

import dev.mehari.chat.GatewayException;
import java.util.Locale;

/**
 * Why an attempt failed, as far as it matters for what comes next: for the same deployment, for the others, and for the
 * client. docs/routing.md has it as a table.
 */
public enum FailureClass {
    /** No connection, a reset, a time-out, 5xx, nonsense: it may pass. */
    TRANSIENT,
    /** Too many requests or tokens for now. */
    RATE_LIMIT,
    /** The account's quota or balance is used up. */
    QUOTA,
    /** Our key was refused. */
    CREDENTIAL,
    /** Our account may not use this model. */
    MODEL_ACCESS,
    /** The provider has no such model. */
    MODEL_GONE,
    /** The provider does not serve our region. */
    REGION_BLOCKED,
    /** The request is wrong wherever it is sent. */
    CALLER_FAULT,
    /** Nobody waits for the answer any more. */
    CLIENT_GONE,
    /** A defect of ours. */
    UNKNOWN;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The one place where failures are told apart. */
    public static FailureClass of(GatewayException failure) {
        return switch (failure) {
            case GatewayException.UpstreamTimeout timeout -> TRANSIENT;
            case GatewayException.UpstreamUnavailable unavailable -> TRANSIENT;
            case GatewayException.UpstreamProtocol nonsense -> TRANSIENT;
            case GatewayException.StoreUnavailable away -> TRANSIENT;
            case GatewayException.RateLimited limited -> RATE_LIMIT;
            case GatewayException.BudgetExceeded spent -> QUOTA;
            case GatewayException.UpstreamRefusedUs refused -> CREDENTIAL;
            case GatewayException.Forbidden forbidden -> saysRegion(forbidden) ? REGION_BLOCKED : MODEL_ACCESS;
            case GatewayException.ModelNotFound gone -> MODEL_GONE;
            case GatewayException.InvalidRequest wrong -> saysRegion(wrong) ? REGION_BLOCKED : CALLER_FAULT;
            case GatewayException.ContextTooLong wrong -> CALLER_FAULT;
            case GatewayException.ContentFiltered wrong -> CALLER_FAULT;
            case GatewayException.Unauthenticated wrong -> CALLER_FAULT;
            case GatewayException.HttpFault wrong -> CALLER_FAULT;
            case GatewayException.StoreRefused wrong -> CALLER_FAULT;
            case GatewayException.AskOtherwise form -> CALLER_FAULT;
            case GatewayException.ClientGone gone -> CLIENT_GONE;
            // Ours too: we have no room, whoever the provider is.
            case GatewayException.Overloaded full -> UNKNOWN;
            case GatewayException.Internal defect -> UNKNOWN;
        };
    }

    /** OpenAI's code is {@code unsupported_country_region_territory}. */
    private static boolean saysRegion(GatewayException failure) {
        String code = failure.code();
        return code != null && code.contains("region");
    }

    /** As {@code /stats} names it. */
    public String word() {
        return word;
    }

    /** Whether the same request may succeed at the same deployment a moment later. */
    public boolean mayPass() {
        return this == TRANSIENT || this == RATE_LIMIT;
    }

    /** Whether it says something about the deployment, and not about the request or the client. */
    boolean hurtsHealth() {
        return switch (this) {
            case CALLER_FAULT, CLIENT_GONE, UNKNOWN -> false;
            case TRANSIENT, RATE_LIMIT, QUOTA, CREDENTIAL, MODEL_ACCESS, MODEL_GONE, REGION_BLOCKED -> true;
        };
    }

    /** Whether the next request would fail as well: then one failure is enough to leave the deployment out. */
    boolean isCertain() {
        return hurtsHealth() && this != TRANSIENT;
    }
}
