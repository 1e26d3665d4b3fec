package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.BudgetExceeded;
import dev.mehari.chat.GatewayException.ContentFiltered;
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
 * What an error of Anthropic's means, by status; inside a stream by its type, which stands for one.
 *
 * <p>Source: Anthropic API reference, errors, read 2026-11-21.
 */
final class AnthropicError {
    private AnthropicError() {}

    /** @param header looks up a response header */
    static GatewayException decode(
            Provider provider, int status, Function<String, @Nullable String> header, byte[] body) {
        ErrorBody error = provider.withoutKey(ErrorBody.read(status, body));
        return meaning(provider.name(), status, error, RetryAfter.read(header));
    }

    /** {@code {"type":"error","error":{…}}} where an answer or an event should be. */
    static GatewayException inside(Provider provider, JsonNode object) {
        ErrorBody error =
                provider.withoutKey(ErrorBody.read(object, "the provider reported an error without a message"));
        return meaning(provider.name(), status(error.type()), error, null);
    }

    private static int status(@Nullable String type) {
        return switch (type) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "billing_error" -> 402;
            case "permission_error" -> 403;
            case "not_found_error" -> 404;
            case "conflict_error" -> 409;
            case "request_too_large" -> 413;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 504;
            case "overloaded_error" -> 529;
            case null, default -> 500;
        };
    }

    private static GatewayException meaning(
            String provider, int status, ErrorBody error, @Nullable Duration retryAfter) {
        String message = error.message();
        return switch (status) {
            case 401, 403 -> new UpstreamRefusedUs(provider);
            case 402 -> new BudgetExceeded(message);
            case 404 -> new ModelNotFound(message);
            case 408, 504 -> new UpstreamTimeout(blame(provider, message));
            case 413 ->
                new InvalidRequest(413, "invalid_request_error", "request_too_large", null, tooLarge(provider, error));
            case 429 -> new RateLimited("rate_limit_error", message, retryAfter);
            case 499 -> new UpstreamUnavailable(502, blame(provider, message), retryAfter);
            // 529 is Anthropic's own for "overloaded", which clients do not know.
            case 503, 529 -> new UpstreamUnavailable(503, blame(provider, message), retryAfter);
            default ->
                status >= 500
                        ? new UpstreamUnavailable(502, blame(provider, message), retryAfter)
                        : rejected(provider, status, error);
        };
    }

    private static GatewayException rejected(String provider, int status, ErrorBody error) {
        if (status < 400) {
            return new UpstreamProtocol(
                    blame(provider, "it answered with status " + status + "; redirects are not followed"));
        }
        String message = error.message();
        // All of these come as invalid_request_error; only the words tell them apart.
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("prompt is too long") || words.contains("exceed context limit")) {
            return new ContextTooLong(message);
        }
        if (words.contains("credit balance is too low") || words.contains("usage limits")) {
            return new BudgetExceeded(message);
        }
        if (words.contains("content filtering policy")) {
            return new ContentFiltered(message);
        }
        return new InvalidRequest(status, "invalid_request_error", null, null, message);
    }

    /** It comes from the network before the API, most often as a page of HTML. */
    private static String tooLarge(String provider, ErrorBody error) {
        return error.type() == null
                ? "the request is larger than provider \"" + provider + "\" takes"
                : error.message();
    }

    private static String blame(String provider, String message) {
        return "provider \"" + provider + "\" failed: " + message;
    }
}
