package dev.mehari.chat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong with a call, each kind with its HTTP status and its words in OpenAI's error vocabulary
 * ({@code type}, {@code code}, {@code param}). The message is meant for the client: it says what was wrong and what to
 * do, and never holds a key, an upstream header or an upstream address.
 *
 * <p>No stack trace is taken: these are answers, not defects ({@link Internal} keeps its cause).
 */
public abstract sealed class GatewayException extends RuntimeException {
    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;
    private final @Nullable Duration retryAfter;

    private GatewayException(
            int status,
            String type,
            @Nullable String code,
            @Nullable String param,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /** HTTP status of the answer, while it can still be given. */
    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public @Nullable String code() {
        return code;
    }

    /** The request field at fault, as a path such as {@code messages[0].role}. */
    public @Nullable String param() {
        return param;
    }

    /** When it may be worth trying again, where someone said so. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The message, never null. */
    public String text() {
        String message = getMessage();
        return message == null ? "unknown error" : message;
    }

    /** Whether another deployment may succeed where this attempt failed. */
    public boolean anotherMayServe() {
        return false;
    }

    /** Whether the provider is ill: the circuit breaker counts it. Rejections, limits and departed clients do not. */
    public boolean upstreamIll() {
        return false;
    }

    /** The request is wrong: 400 unless the upstream that said so chose another 4xx. */
    public static final class InvalidRequest extends GatewayException {
        public InvalidRequest(@Nullable String param, String message) {
            this(400, "invalid_request_error", null, param, message);
        }

        public InvalidRequest(@Nullable String code, @Nullable String param, String message) {
            this(400, "invalid_request_error", code, param, message);
        }

        public InvalidRequest(int status, String type, @Nullable String code, @Nullable String param, String message) {
            super(status, type, code, param, message, null, null);
        }
    }

    /** No key, or not one of ours. One text for every cause, so that nothing can be learnt from it. */
    public static final class Unauthenticated extends GatewayException {
        public Unauthenticated() {
            super(
                    401,
                    "invalid_request_error",
                    "invalid_api_key",
                    null,
                    "Missing or incorrect API key. Send one of the gateway's keys as 'Authorization: Bearer KEY'.",
                    null,
                    null);
        }
    }

    /** The key may not do this; of an upstream, our account or our region may not, which another's may. */
    public static final class Forbidden extends GatewayException {
        public Forbidden(String code, String message) {
            super(403, "permission_error", code, null, message, null, null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }
    }

    /** A budget or quota is used up, ours or the upstream account's. Waiting does not help. */
    public static final class BudgetExceeded extends GatewayException {
        public BudgetExceeded(String message) {
            super(429, "insufficient_quota", "insufficient_quota", null, message, null, null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }
    }

    /** Too many requests or tokens for now. */
    public static final class RateLimited extends GatewayException {
        public RateLimited(String type, String message, @Nullable Duration retryAfter) {
            super(429, type, "rate_limit_exceeded", null, message, retryAfter, null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }
    }

    /** No such model, here or at the upstream. */
    public static final class ModelNotFound extends GatewayException {
        public ModelNotFound(String message) {
            super(404, "invalid_request_error", "model_not_found", "model", message, null, null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }
    }

    /** The prompt does not fit the model. */
    public static final class ContextTooLong extends GatewayException {
        public ContextTooLong(String message) {
            super(400, "invalid_request_error", "context_length_exceeded", "messages", message, null, null);
        }
    }

    /** A provider's filter refused the prompt. */
    public static final class ContentFiltered extends GatewayException {
        public ContentFiltered(String message) {
            super(400, "invalid_request_error", "content_filter", null, message, null, null);
        }
    }

    /** Upstream was too slow; the message says which of the four time-outs it was. */
    public static final class UpstreamTimeout extends GatewayException {
        public UpstreamTimeout(String message) {
            super(504, "upstream_error", "upstream_timeout", null, message, null, null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }

        @Override
        public boolean upstreamIll() {
            return true;
        }
    }

    /** Upstream cannot be reached, or says that it cannot serve: 502 or 503. */
    public static final class UpstreamUnavailable extends GatewayException {
        private final boolean ill;

        public UpstreamUnavailable(int status, String message, @Nullable Duration retryAfter) {
            this(status, message, retryAfter, true);
        }

        private UpstreamUnavailable(int status, String message, @Nullable Duration retryAfter, boolean ill) {
            super(status, "upstream_error", "upstream_unavailable", null, message, retryAfter, null);
            this.ill = ill;
        }

        /** The breaker is open: nothing was sent, so nothing new was learnt about the provider. */
        public static UpstreamUnavailable circuitOpen(String provider, @Nullable Duration retryAfter) {
            return new UpstreamUnavailable(
                    503,
                    "provider \"" + provider + "\" is left out for a while after repeated failures",
                    retryAfter,
                    false);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }

        @Override
        public boolean upstreamIll() {
            return ill;
        }
    }

    /** Upstream refused our own credentials. Ours to mend, so never the client's 401. */
    public static final class UpstreamRefusedUs extends GatewayException {
        public UpstreamRefusedUs(String provider) {
            this(provider, "refused the gateway's credentials; check its key in the settings");
        }

        /** @param what goes on after the provider's name: what is wrong, and what the operator has to do */
        public UpstreamRefusedUs(String provider, String what) {
            super(
                    502,
                    "upstream_error",
                    "upstream_authentication",
                    null,
                    "provider \"" + provider + "\" " + what,
                    null,
                    null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }
    }

    /** Upstream answered something that is not its protocol, or broke off. */
    public static final class UpstreamProtocol extends GatewayException {
        public UpstreamProtocol(String message) {
            super(502, "upstream_error", "upstream_protocol_error", null, message, null, null);
        }

        @Override
        public boolean anotherMayServe() {
            return true;
        }

        @Override
        public boolean upstreamIll() {
            return true;
        }
    }

    /** More calls in flight than the gateway takes, or it is shutting down. */
    public static final class Overloaded extends GatewayException {
        public Overloaded(String message, Duration retryAfter) {
            super(503, "service_unavailable", "overloaded", null, message, retryAfter, null);
        }
    }

    /** The same deployment can serve this, asked in another form; who said so knows by now in which. */
    public static final class AskOtherwise extends GatewayException {
        private final boolean historyLost;

        /** @param historyLost whether it has forgotten the conversation that the request goes on with */
        public AskOtherwise(String message, boolean historyLost) {
            super(
                    historyLost ? 400 : 404,
                    "invalid_request_error",
                    historyLost ? "previous_response_not_found" : null,
                    historyLost ? "previous_response_id" : null,
                    message,
                    null,
                    null);
            this.historyLost = historyLost;
        }

        public boolean historyLost() {
            return historyLost;
        }
    }

    /** Our own database is away, and this call cannot do without it. */
    public static final class StoreUnavailable extends GatewayException {
        public StoreUnavailable() {
            super(
                    503,
                    "service_unavailable",
                    "store_unavailable",
                    null,
                    "The gateway's database does not answer, and this request needs it; try again later.",
                    Duration.ofSeconds(1),
                    null);
        }
    }

    /** Our own database does not take a value of this request, and never will: U+0000, say, or an id beyond all measure. */
    public static final class StoreRefused extends GatewayException {
        public StoreRefused() {
            super(
                    400,
                    "invalid_request_error",
                    "invalid_value",
                    null,
                    "The request holds a value that the gateway's database does not take, such as one with U+0000.",
                    null,
                    null);
        }
    }

    /** A fault of HTTP itself: unknown path 404, wrong method 405, too large 413, not JSON 415. */
    public static final class HttpFault extends GatewayException {
        public HttpFault(int status, @Nullable String code, String message) {
            super(status, "invalid_request_error", code, null, message, null, null);
        }
    }

    /** The client left before its answer. Nobody reads this; logs say 499. */
    public static final class ClientGone extends GatewayException {
        public ClientGone() {
            super(499, "client_closed_request", null, null, "the client closed the connection", null, null);
        }
    }

    /** A defect of ours. The cause goes to the log, never to the client. */
    public static final class Internal extends GatewayException {
        public Internal(Throwable cause) {
            super(500, "server_error", null, null, "The gateway failed on this call; its log says why.", null, cause);
        }
    }
}
