package dev.mehari.transport;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What every answer tells browsers, so that none takes data for a page, or a page of ours for somebody else's. */
final class SafeHeaders {
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");

    private static final String POLICY = "content-security-policy";

    /** Scripts and styles from our own files only; no page may frame ours. */
    private static final String OUR_OWN =
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'";

    private SafeHeaders() {}

    /** On any answer, before its own headers. */
    static void put(MultiMap headers) {
        headers.set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
    }

    /** On a page besides, after its own headers: a route may have set a policy. */
    static void putOnPage(MultiMap headers, @Nullable String contentType) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            return;
        }
        if (!headers.contains(POLICY)) {
            headers.set(POLICY, OUR_OWN);
        }
        headers.set("referrer-policy", "no-referrer");
    }
}
