package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.GatewayException.Forbidden;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.provider.ErrorBody;
import dev.mehari.provider.Provider;
import dev.mehari.provider.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Google's errors mean: {@code {"error":{"code","message","status","details":[…]}}}, alone or in a list. Source:
 * protocols page of Gemini §9; google.rpc.ErrorInfo and RetryInfo.
 */
final class GeminiError {
    private GeminiError() {}

    /** @param header looks up a response header */
    static GatewayException decode(
            Provider provider, int status, Function<String, @Nullable String> header, byte[] body) {
        ErrorBody error = provider.withoutKey(ErrorBody.read(status, body));
        JsonNode details = details(body);
        Duration told = RetryAfter.read(header);
        return meaning(provider.name(), status, error, details, told == null ? retryDelay(details) : told);
    }

    /** The value of {@code error} where an answer should be. Its code is the status. */
    static GatewayException inside(Provider provider, JsonNode error) {
        ErrorBody told = provider.withoutKey(ErrorBody.read(
                Json.MAPPER.createObjectNode().set("error", error),
                "the provider reported an error without a message"));
        JsonNode details = error.path("details");
        int code = error.path("code").asInt(500);
        return meaning(provider.name(), code < 400 || code > 599 ? 500 : code, told, details, retryDelay(details));
    }

    private static JsonNode details(byte[] body) {
        try {
            JsonNode root = Json.MAPPER.readTree(body);
            return (root.isArray() ? root.path(0) : root).path("error").path("details");
        } catch (IOException notJson) {
            return Json.MAPPER.missingNode();
        }
    }

    private static GatewayException meaning(
            String provider, int status, ErrorBody error, JsonNode details, @Nullable Duration retryAfter) {
        String message = error.message();
        String blamed = "provider \"" + provider + "\" failed: " + message;
        return switch (status) {
            case 400 -> rejected(provider, message, details);
            case 401, 403 -> new UpstreamRefusedUs(provider);
            case 404 -> new ModelNotFound(message);
            case 408, 504 -> new UpstreamTimeout(blamed);
            case 429 -> new RateLimited("rate_limit_error", message, retryAfter);
            case 499 -> new UpstreamUnavailable(502, blamed, retryAfter);
            case 501, 503 -> new UpstreamUnavailable(status, blamed, retryAfter);
            default -> {
                if (status >= 500) {
                    yield new UpstreamUnavailable(502, blamed, retryAfter);
                }
                yield status < 400
                        ? new UpstreamProtocol("provider \"" + provider + "\" failed: it answered with status " + status
                                + "; redirects are not followed")
                        : new InvalidRequest(status, "invalid_request_error", null, null, message);
            }
        };
    }

    private static GatewayException rejected(String provider, String message, JsonNode details) {
        if (hasReason(details, "API_KEY_INVALID")) {
            return new UpstreamRefusedUs(provider);
        }
        if (message.contains("location is not supported")) {
            return new Forbidden("unsupported_country_region_territory", message);
        }
        if (message.contains("exceeds the maximum number of tokens")) {
            return new ContextTooLong(message);
        }
        return new InvalidRequest(400, "invalid_request_error", null, null, message);
    }

    private static boolean hasReason(JsonNode details, String reason) {
        for (JsonNode detail : details) {
            if (detail.path("reason").asText().equals(reason)) {
                return true;
            }
        }
        return false;
    }

    /** RetryInfo's {@code "37s"} or {@code "1.5s"}. */
    private static @Nullable Duration retryDelay(JsonNode details) {
        for (JsonNode detail : details) {
            String delay = detail.path("retryDelay").asText();
            if (delay.endsWith("s")) {
                return RetryAfter.read(
                        header -> header.equals("retry-after") ? delay.substring(0, delay.length() - 1) : null);
            }
        }
        return null;
    }
}
