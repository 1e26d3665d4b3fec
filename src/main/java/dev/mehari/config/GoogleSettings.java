package dev.mehari.config;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Vertex AI.
 *
 * @param project its id
 * @param location a region, {@code us}, {@code eu} or {@code global}
 * @param credentials file of a service account, an authorized user or a workload identity; null: where Google's
 *     libraries look
 * @param safety thresholds by category, for clients that send none, for example {@code harm-category-harassment:
 *     block-none}; AI Studio takes them too
 */
public record GoogleSettings(
        @Nullable String project,
        @DefaultValue("global") String location,
        @Nullable String credentials,
        Map<String, String> safety) {
    public GoogleSettings {
        safety = safety == null ? Map.of() : Map.copyOf(safety);
        project = MehariSettings.blankToNull(project);
        location = MehariSettings.isBlank(location) ? "global" : location.strip();
        credentials = MehariSettings.blankToNull(credentials);
    }

    boolean isSet() {
        return project != null;
    }

    /** Where Vertex AI is for that location. Its own documentation, Locations, read 2026-11-21. */
    URI address() {
        return URI.create(
                switch (location) {
                    case "global" -> "https://aiplatform.googleapis.com";
                    case "us", "eu" -> "https://aiplatform." + location + ".rep.googleapis.com";
                    default -> "https://" + location + "-aiplatform.googleapis.com";
                });
    }
}
