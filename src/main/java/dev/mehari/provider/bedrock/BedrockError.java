package dev.mehari.provider.bedrock;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.provider.ErrorBody;
import dev.mehari.provider.Provider;
import dev.mehari.provider.RetryAfter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an error of Bedrock's runtime or of its agents means: by the exception's name, which is in a header of an answer
 * or in a frame of a stream, and by the status where there is none.
 *
 * <p>Source: Bedrock API reference, Converse and InvokeAgent, errors; read 2026-11-21.
 */
public final class BedrockError {
    private BedrockError() {}

    /** @param header looks up a response header */
    public static GatewayException decode(
            Provider provider, int status, Function<String, @Nullable String> header, byte[] body) {
        ErrorBody error = provider.withoutKey(ErrorBody.read(status, body));
        String told = header.apply("x-amzn-errortype");
        String name = simple(told == null ? error.type() : told);
        return meaning(provider.name(), name, status, error.message(), RetryAfter.read(header));
    }

    /**
     * An exception in the middle of a stream.
     *
     * @param type its {@code :exception-type} or {@code :error-code}
     * @param message null: it is in the body
     */
    public static GatewayException inStream(Provider provider, String type, @Nullable String message, byte[] body) {
        ErrorBody error = provider.withoutKey(
                message == null ? ErrorBody.read(500, body) : new ErrorBody(message, null, null, null));
        return meaning(provider.name(), simple(type), 0, error.message(), null);
    }

    /** {@code throttlingException}, {@code ThrottlingException:http://…} and {@code com.amazon…#ThrottlingException} are one. */
    private static String simple(@Nullable String type) {
        if (type == null) {
            return "";
        }
        String name = type.substring(type.indexOf('#') + 1);
        int colon = name.indexOf(':');
        return (colon < 0 ? name : name.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
    }

    private static GatewayException meaning(
            String provider, String name, int status, String message, @Nullable Duration retryAfter) {
        return switch (name) {
            case "validationexception" -> invalid(message);
            case "accessdeniedexception" -> denied(provider, message);
            case "unrecognizedclientexception",
                    "expiredtokenexception",
                    "invalidsignatureexception",
                    "incompletesignatureexception",
                    "missingauthenticationtokenexception",
                    "signaturedoesnotmatchexception" -> new UpstreamRefusedUs(provider);
            case "resourcenotfoundexception" -> new ModelNotFound(message);
            case "modeltimeoutexception" -> new UpstreamTimeout(blame(provider, message));
            case "throttlingexception",
                    "toomanyrequestsexception",
                    "servicequotaexceededexception",
                    "modelnotreadyexception" -> new RateLimited("rate_limit_error", message, retryAfter);
            case "serviceunavailableexception" -> new UpstreamUnavailable(503, blame(provider, message), retryAfter);
            case "internalserverexception",
                    "internalfailure",
                    "modelerrorexception",
                    "modelstreamerrorexception",
                    "dependencyfailedexception",
                    "badgatewayexception" -> new UpstreamUnavailable(502, blame(provider, message), retryAfter);
            case "conflictexception" -> new InvalidRequest(409, "invalid_request_error", "conflict", null, message);
            default -> byStatus(provider, status, message, retryAfter);
        };
    }

    private static GatewayException byStatus(
            String provider, int status, String message, @Nullable Duration retryAfter) {
        return switch (status) {
            case 401, 403 -> new UpstreamRefusedUs(provider);
            case 404 -> new ModelNotFound(message);
            case 408, 504 -> new UpstreamTimeout(blame(provider, message));
            case 429 -> new RateLimited("rate_limit_error", message, retryAfter);
            case 503 -> new UpstreamUnavailable(503, blame(provider, message), retryAfter);
            default -> {
                if (status == 0 || status == 424 || status == 499 || status >= 500) {
                    yield new UpstreamUnavailable(502, blame(provider, message), retryAfter);
                }
                yield status < 400
                        ? new UpstreamProtocol(
                                blame(provider, "it answered with status " + status + "; redirects are not followed"))
                        : new InvalidRequest(status, "invalid_request_error", null, null, message);
            }
        };
    }

    private static GatewayException invalid(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("too long") || text.contains("too many input tokens") || text.contains("context window")) {
            return new ContextTooLong(message);
        }
        if (text.contains("model identifier is invalid")) {
            return new ModelNotFound(message);
        }
        if (text.contains("on-demand throughput")) {
            return new InvalidRequest(
                    null,
                    "model",
                    message
                            + " Ask for the model's inference profile, whose id begins with us., eu., apac. or global.");
        }
        return new InvalidRequest(null, message);
    }

    /** An account without access to one model has it to others; any other denial tells of accounts and is kept from clients. */
    private static GatewayException denied(String provider, String message) {
        return message.toLowerCase(Locale.ROOT).contains("access to the model")
                ? new ModelNotFound(message)
                : new UpstreamRefusedUs(
                        provider,
                        "denied the gateway access; check what its AWS credentials are allowed to do (bedrock:Invoke…)");
    }

    private static String blame(String provider, String message) {
        return "provider \"" + provider + "\" failed: " + message;
    }
}
