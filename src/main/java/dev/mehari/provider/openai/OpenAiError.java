package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.BudgetExceeded;
import dev.mehari.chat.GatewayException.ContentFiltered;
import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.GatewayException.Forbidden;
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
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an error of an OpenAI-compatible host means, by status first and by its words second: hosts agree on the former
 * only.
 */
final class OpenAiError {
    /** Codes of a failed response that blame the request. OpenAI API reference, ResponseError, read 2026-11-21. */
    private static final Set<String> REQUEST_FAULTS = Set.of(
            "invalid_prompt",
            "invalid_image",
            "invalid_image_format",
            "invalid_base64_image",
            "invalid_image_url",
            "invalid_image_mode",
            "image_too_large",
            "image_too_small",
            "image_parse_error",
            "image_content_policy_violation",
            "image_file_too_large",
            "image_file_not_found",
            "unsupported_image_media_type",
            "empty_image_file",
            "failed_to_download_image",
            "data_residency_mismatch",
            "bio_policy",
            "misalignment_policy_violation");

    private OpenAiError() {}

    /** @param header looks up a response header */
    static GatewayException decode(
            Provider provider, int status, Function<String, @Nullable String> header, byte[] body) {
        ErrorBody error = provider.withoutKey(ErrorBody.read(status, body));
        return meaning(provider.name(), status, error, RetryAfter.read(header));
    }

    /** An error object where an answer or a chunk should be. Its code, when it is a number, is the status. */
    static GatewayException inside(Provider provider, JsonNode object) {
        // Groq tells it in a field of its own.
        JsonNode told = object.path("x_groq").hasNonNull("error") ? object.path("x_groq") : object;
        ErrorBody error = provider.withoutKey(ErrorBody.read(told, "the provider reported an error without a message"));
        return meaning(provider.name(), status(error), error, null);
    }

    private static int status(ErrorBody error) {
        String code = error.code() == null ? "" : error.code();
        String type = error.type() == null ? "" : error.type();
        if (code.matches("[45]\\d\\d")) {
            return Integer.parseInt(code);
        }
        if (type.startsWith("rate_limit") || code.startsWith("rate_limit") || code.equals("insufficient_quota")) {
            return 429;
        }
        if (type.equals("overloaded_error") || code.equals("engine_overloaded") || type.equals("service_unavailable")) {
            return 503;
        }
        return type.equals("invalid_request_error") || REQUEST_FAULTS.contains(code) ? 400 : 500;
    }

    private static GatewayException meaning(
            String provider, int status, ErrorBody error, @Nullable Duration retryAfter) {
        String message = error.message();
        return switch (status) {
            case 401 -> new UpstreamRefusedUs(provider);
            case 403 -> forbidden(provider, error);
            case 402 -> new BudgetExceeded(message);
            case 404 -> new ModelNotFound(message);
            case 408, 504, 524 -> new UpstreamTimeout(blame(provider, message));
            case 429 ->
                error.says("insufficient_quota")
                        ? new BudgetExceeded(message)
                        : new RateLimited(
                                error.type() == null ? "rate_limit_error" : error.type(),
                                message,
                                retryAfter == null ? RetryAfter.inWords(message) : retryAfter);
            case 499 -> failed(provider, message, retryAfter);
            case 498, 503, 529 -> new UpstreamUnavailable(503, blame(provider, message), retryAfter);
            default -> status >= 500 ? failed(provider, message, retryAfter) : rejected(provider, status, error);
        };
    }

    /** Not always our key: some say so of one model, of our region, or of a prompt that their moderation flagged. */
    private static GatewayException forbidden(String provider, ErrorBody error) {
        String message = error.message();
        if (error.says("model_not_found")) {
            return new ModelNotFound(message);
        }
        if (error.says("unsupported_country_region_territory") || error.says("model_not_allowed")) {
            return new Forbidden(error.code() == null ? "forbidden" : error.code(), message);
        }
        // OpenRouter: "… requires moderation on …. Your input was flagged for …"
        return message.contains("flagged") ? new ContentFiltered(message) : new UpstreamRefusedUs(provider);
    }

    private static GatewayException failed(String provider, String message, @Nullable Duration retryAfter) {
        return new UpstreamUnavailable(502, blame(provider, message), retryAfter);
    }

    private static GatewayException rejected(String provider, int status, ErrorBody error) {
        if (status < 400) {
            return new UpstreamProtocol(
                    blame(provider, "it answered with status " + status + "; redirects are not followed"));
        }
        if (error.says("context_length_exceeded")) {
            return new ContextTooLong(error.message());
        }
        if (error.says("content_filter")) {
            return new ContentFiltered(error.message());
        }
        if (error.says("tool_use_failed")) {
            // Groq: its model wrote a call that is none. The next try may do better.
            return new UpstreamProtocol(blame(provider, error.message()));
        }
        String type = word(error.type());
        return new InvalidRequest(
                status,
                type == null ? "invalid_request_error" : type,
                word(error.code()),
                error.param(),
                error.message());
    }

    /** OpenAI's types and codes are such words; numbers, sentences and class names of other hosts mean nothing here. */
    private static @Nullable String word(@Nullable String text) {
        return text != null && text.matches("[a-z][a-z0-9_]{0,63}") ? text : null;
    }

    private static String blame(String provider, String message) {
        return "provider \"" + provider + "\" failed: " + message;
    }
}
