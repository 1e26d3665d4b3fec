package dev.mehari.provider.azure;

import dev.mehari.config.ProviderSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the operations of an Azure resource are, and what they are called there. Two generations of addresses are served:
 * {@code /openai/v1/…}, with the deployment as the body's model, and with a dated version
 * {@code /openai/deployments/NAME/…?api-version=DATE}. Segments that the base URL has already are not added again; the
 * host is free, as gateways and sovereign clouds have others. Immutable.
 */
final class AzureSite {
    /** The last dated version that is no preview, for a base URL that names a deployment but no version. */
    private static final String LAST_DATED = "2024-10-21";

    /** From when on streams know {@code stream_options}. */
    private static final String USAGE_IN_STREAMS = "2024-09-01";

    private final ProviderSettings settings;
    private final List<String> segments;
    private final @Nullable String version;

    AzureSite(ProviderSettings settings) {
        this.settings = settings;
        URI base = settings.baseUrl();
        this.segments =
                base == null ? List.of("") : Arrays.asList(base.getRawPath().split("/"));
        this.version = settings.apiVersion();
    }

    /**
     * The path of an operation below the base URL.
     *
     * @param deployment by its name there
     * @param operation such as {@code chat/completions}
     */
    String path(String deployment, String operation) {
        String query = version == null || version.equals("v1") ? "" : "?api-version=" + version;
        if (segments.contains("deployments")) {
            boolean named = !segments.getLast().equals("deployments");
            return (named ? "" : "/" + encoded(deployment)) + "/" + operation
                    + (isDated() ? query : "?api-version=" + LAST_DATED);
        }
        if (segments.getLast().equals("v1")) {
            return "/" + operation + (isDated() ? "" : query);
        }
        String root = segments.contains("openai") ? "" : "/openai";
        return isDated()
                ? root + "/deployments/" + encoded(deployment) + "/" + operation + query
                : root + "/v1/" + operation + query;
    }

    /** Of the Responses API, which the addresses below {@code /openai/v1} have; null: these are others. */
    @Nullable
    String responsesPath() {
        String path = settings.responses().path();
        boolean without = isDated() || segments.contains("deployments") || (path != null && path.isBlank());
        return without ? null : path("", path == null ? "responses" : path.replaceFirst("^/", ""));
    }

    /** Whether the addresses are those of a dated version. */
    boolean isDated() {
        return version != null && Character.isDigit(version.charAt(0));
    }

    /** Whether a stream may be asked for usage: an older version answers 400. */
    boolean tellsUsageInStreams() {
        return version == null || !isDated() || version.compareTo(USAGE_IN_STREAMS) >= 0;
    }

    /** What the account calls a model; the model's own name where it has no other. */
    String deployment(String model) {
        return settings.deployments().getOrDefault(model, model);
    }

    /** Which of OpenAI's models a deployment is of, as far as the settings tell; else its own name. */
    String family(String model) {
        if (settings.deployments().containsKey(model)) {
            return model;
        }
        return settings.deployments().entrySet().stream()
                .filter(entry -> entry.getValue().equals(model))
                .map(entry -> entry.getKey())
                .findFirst()
                .orElse(model);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
