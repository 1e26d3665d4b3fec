package dev.mehari.usage;

import dev.mehari.chat.GatewayException;
import dev.mehari.routing.FailureClass;
import java.util.Locale;

/**
 * Why a call or an attempt failed, by whose fault: the caller's, a rule's, the provider's or ours. A closed vocabulary
 * that metrics, the log and traces share, so that it may be a label.
 */
public enum ErrorType {
    CALLER_INVALID_REQUEST,
    CALLER_UNAUTHENTICATED,
    CALLER_MODEL_NOT_FOUND,
    CALLER_CONTEXT_TOO_LONG,
    CALLER_HTTP_FAULT,
    /** The client left before its answer was complete. */
    CALLER_GONE,
    POLICY_FORBIDDEN,
    POLICY_RATE_LIMITED,
    POLICY_BUDGET_EXCEEDED,
    PROVIDER_CONTENT_FILTERED,
    PROVIDER_TIMEOUT,
    PROVIDER_UNAVAILABLE,
    PROVIDER_PROTOCOL_ERROR,
    PROVIDER_RATE_LIMITED,
    PROVIDER_QUOTA_EXCEEDED,
    /** It refused our key. */
    PROVIDER_REFUSED_CREDENTIALS,
    /** Our account may not use the model, or not from where we are. */
    PROVIDER_MODEL_FORBIDDEN,
    PROVIDER_MODEL_NOT_FOUND,
    MEHARI_OVERLOADED,
    MEHARI_STORE_UNAVAILABLE,
    MEHARI_INTERNAL;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As metrics, log and traces have it, for example {@code provider_timeout}. */
    public String word() {
        return word;
    }

    /** @param upstream whether the provider said so, and not the gateway */
    public static ErrorType of(GatewayException failure, boolean upstream) {
        return switch (failure) {
            case GatewayException.InvalidRequest wrong ->
                FailureClass.of(wrong) == FailureClass.REGION_BLOCKED
                        ? PROVIDER_MODEL_FORBIDDEN
                        : CALLER_INVALID_REQUEST;
            case GatewayException.Unauthenticated nobody -> CALLER_UNAUTHENTICATED;
            case GatewayException.Forbidden forbidden -> upstream ? PROVIDER_MODEL_FORBIDDEN : POLICY_FORBIDDEN;
            case GatewayException.BudgetExceeded spent -> upstream ? PROVIDER_QUOTA_EXCEEDED : POLICY_BUDGET_EXCEEDED;
            case GatewayException.RateLimited limited -> upstream ? PROVIDER_RATE_LIMITED : POLICY_RATE_LIMITED;
            case GatewayException.ModelNotFound gone -> upstream ? PROVIDER_MODEL_NOT_FOUND : CALLER_MODEL_NOT_FOUND;
            case GatewayException.ContextTooLong wrong -> CALLER_CONTEXT_TOO_LONG;
            case GatewayException.ContentFiltered filtered -> PROVIDER_CONTENT_FILTERED;
            case GatewayException.UpstreamTimeout slow -> PROVIDER_TIMEOUT;
            case GatewayException.UpstreamUnavailable away -> PROVIDER_UNAVAILABLE;
            case GatewayException.UpstreamRefusedUs refused -> PROVIDER_REFUSED_CREDENTIALS;
            case GatewayException.UpstreamProtocol nonsense -> PROVIDER_PROTOCOL_ERROR;
            case GatewayException.Overloaded full -> MEHARI_OVERLOADED;
            case GatewayException.StoreUnavailable away -> MEHARI_STORE_UNAVAILABLE;
            case GatewayException.StoreRefused wrong -> CALLER_INVALID_REQUEST;
            case GatewayException.HttpFault fault -> CALLER_HTTP_FAULT;
            case GatewayException.AskOtherwise form -> CALLER_INVALID_REQUEST;
            case GatewayException.ClientGone gone -> CALLER_GONE;
            case GatewayException.Internal defect -> MEHARI_INTERNAL;
        };
    }
}
