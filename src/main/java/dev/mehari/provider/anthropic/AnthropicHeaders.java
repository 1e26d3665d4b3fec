package dev.mehari.provider.anthropic;

import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a request to Anthropic carries beside its body: the API's version, and the betas it wants. */
final class AnthropicHeaders {
    /** The default: the one after it takes no sampling parameters, from any model. */
    static final String VERSION = "2023-06-01";

    private static final String VERSION_HEADER = "anthropic-version";
    private static final String BETA_HEADER = "anthropic-beta";

    private AnthropicHeaders() {}

    /** The provider's own and, of a client that speaks this API, its version and betas; betas of both are joined. */
    static List<Map.Entry<String, String>> of(Ask ask) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        Set<String> betas = new LinkedHashSet<>();
        for (Map.Entry<String, String> header : ask.provider().headers()) {
            if (header.getKey().equals(BETA_HEADER)) {
                addEach(header.getValue(), betas);
            } else if (!header.getKey().equals(VERSION_HEADER)) {
                headers.add(header);
            }
        }
        addEach(ask.headers().getOrDefault(BETA_HEADER, ""), betas);
        if (!betas.isEmpty()) {
            headers.add(Map.entry(BETA_HEADER, String.join(",", betas)));
        }
        headers.add(Map.entry(VERSION_HEADER, ask.headers().getOrDefault(VERSION_HEADER, version(ask))));
        return headers;
    }

    /** The version that the provider is spoken to in, unless the client says otherwise. */
    static String version(Ask ask) {
        return version(ask.provider());
    }

    private static String version(Provider provider) {
        String configured = provider.settings().apiVersion();
        return configured == null ? VERSION : configured;
    }

    /** The provider's own, of a request that no client stands behind. */
    static List<Map.Entry<String, String>> of(Provider provider) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(provider.headers());
        headers.removeIf(header -> header.getKey().equals(VERSION_HEADER));
        headers.add(Map.entry(VERSION_HEADER, version(provider)));
        return headers;
    }

    private static void addEach(String list, Set<String> betas) {
        for (String beta : list.split(",")) {
            if (!beta.isBlank()) {
                betas.add(beta.strip());
            }
        }
    }
}
