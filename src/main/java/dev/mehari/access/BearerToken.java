package dev.mehari.access;

import org.jspecify.annotations.Nullable;

/** The key in a request's headers. */
final class BearerToken {
    private static final String SCHEME = "bearer ";

    private BearerToken() {}

    /**
     * @param authorization the {@code Authorization} header
     * @param apiKey the {@code x-api-key} header, which Anthropic's clients send
     * @return the bearer token, else the API key; null when there is neither
     */
    static @Nullable String of(@Nullable String authorization, @Nullable String apiKey) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : apiKey;
    }
}
