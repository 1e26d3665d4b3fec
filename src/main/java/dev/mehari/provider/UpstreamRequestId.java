package dev.mehari.provider;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a provider calls a request, told in a header of its answer, errors included: what its support asks for.
 *
 * <p>Sources: OpenAI's API reference, "Debugging requests"; Anthropic's, "Errors"; Azure API Management; AWS, common response
 * headers; read 2026-11-21.
 */
public final class UpstreamRequestId {
    private static final String[] HEADERS = {"x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"};

    private UpstreamRequestId() {}

    /**
     * @param header looks up a response header, whatever its case
     * @return null when none tells it
     */
    public static @Nullable String read(Function<String, @Nullable String> header) {
        for (String name : HEADERS) {
            String told = header.apply(name);
            if (told != null && !told.isEmpty()) {
                return told;
            }
        }
        return null;
    }
}
