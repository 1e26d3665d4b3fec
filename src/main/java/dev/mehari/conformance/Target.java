package dev.mehari.conformance;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint and the model to ask there.
 *
 * @param base with which the paths begin, such as {@code http://localhost:8080/v1}; no slash at its end
 * @param key sent as {@code Authorization: Bearer}; null: none
 */
public record Target(String base, String model, @Nullable String key) {
    /**
     * Reads and checks what the user gave.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Target of(String baseUrl, String model, @Nullable String key) {
        String base = baseUrl.strip().replaceAll("/+$", "");
        URI uri;
        try {
            uri = URI.create(base);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("\"" + baseUrl + "\" is no URL");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("\"" + baseUrl + "\" must begin with http:// or https://");
        }
        if (uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "\"" + baseUrl + "\" must be an address and a path, such as http://localhost:8080/v1");
        }
        if (uri.getPort() > 65_535) {
            throw new IllegalArgumentException("there is no port " + uri.getPort());
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("the model has no name");
        }
        checkKey(key);
        return new Target(base, model, key);
    }

    /** @throws IllegalArgumentException no header can carry it; it is not told, as it is a secret */
    static void checkKey(@Nullable String key) {
        // A line break would end the header; HttpClient throws at it, with words of its own.
        if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("the key holds characters that no header can carry");
        }
    }

    /** Without the key, which endpoints like to repeat when they refuse it. */
    String masked(String text) {
        return masked(text, key);
    }

    static String masked(String text, @Nullable String secret) {
        return secret == null || secret.isEmpty() ? text : text.replace(secret, "***");
    }

    URI uri(String path) {
        return URI.create(base + path);
    }

    /** The same server without the API's version: where a gateway has its own doors. */
    URI root(String path) {
        return URI.create(base.replaceAll("/v1$", "") + path);
    }
}
