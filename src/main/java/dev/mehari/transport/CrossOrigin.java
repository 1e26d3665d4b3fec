package dev.mehari.transport;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may call the gateway from a browser. Cookies never go along: keys are headers here. Nothing
 * below {@code /admin} and {@code /dashboard} is open to other origins. Immutable. Source: fetch.spec.whatwg.org, CORS
 * protocol.
 *
 * @param origins such as {@code https://app.example}; with {@code *} all
 * @param headers that a page may send; empty: those it asks for
 * @param maxAge how long a browser may remember the answer to its preflight
 */
public record CrossOrigin(Set<String> origins, List<String> headers, Duration maxAge) {
    private static final String EXPOSED = "x-request-id, retry-after, x-should-retry, x-ratelimit-limit-requests,"
            + " x-ratelimit-limit-tokens, x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens,"
            + " x-ratelimit-reset-requests, x-ratelimit-reset-tokens, x-mehari-provider, x-mehari-model,"
            + " x-mehari-attempts, x-mehari-dropped-params";

    /**
     * Tells the browser, in the answer's headers, that this page may read it.
     *
     * @return whether it may
     */
    boolean welcome(String path, HttpServerRequest request) {
        MultiMap answer = request.response().headers();
        // Also for those without an origin, or a cache would serve their answers to pages.
        answer.set("vary", "origin");
        String origin = request.getHeader("origin");
        if (origin == null || isAdmin(path) || !(origins.contains("*") || origins.contains(origin))) {
            return false;
        }
        answer.set("access-control-allow-origin", origins.contains("*") ? "*" : origin);
        answer.set("access-control-expose-headers", EXPOSED);
        return true;
    }

    private static boolean isAdmin(String path) {
        return isBelow(path, "/admin") || isBelow(path, "/dashboard");
    }

    private static boolean isBelow(String path, String top) {
        return path.startsWith(top) && (path.length() == top.length() || path.charAt(top.length()) == '/');
    }

    /** Whether a browser asks what it may send before it sends it. */
    static boolean isPreflight(HttpServerRequest request) {
        return request.method().name().equals("OPTIONS") && request.getHeader("access-control-request-method") != null;
    }

    /** Answers that, to a page that is welcome. */
    void permit(HttpServerRequest request, List<String> methods) {
        MultiMap answer = request.response().headers();
        answer.remove("access-control-expose-headers");
        answer.set("vary", "origin, access-control-request-headers");
        answer.set("access-control-allow-methods", String.join(", ", methods));
        answer.set("access-control-max-age", Long.toString(maxAge.toSeconds()));
        String asked = asked(request);
        if (asked != null) {
            answer.set("access-control-allow-headers", asked);
        }
        request.response().setStatusCode(204).end();
    }

    private @Nullable String asked(HttpServerRequest request) {
        return headers.isEmpty() ? request.getHeader("access-control-request-headers") : String.join(", ", headers);
    }
}
