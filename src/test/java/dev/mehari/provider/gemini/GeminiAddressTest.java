package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Shipped;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class GeminiAddressTest {
    private static Ask ask(String model, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        settings.forEach((name, value) -> all.put("p." + name, value));
        ProviderSettings bound =
                new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("p", ProviderSettings.class);
        return Shipped.ask(new Provider("google", bound, null), model, Answers.ask(model, false));
    }

    /** Base and path together. */
    private static String url(GeminiPlatform platform, String model, Map<String, String> settings) {
        Ask ask = ask(model, settings);
        return ask.provider().target().baseUri() + GeminiAddress.path(ask, platform, "generateContent");
    }

    @ParameterizedTest
    @CsvSource({
        "https://generativelanguage.googleapis.com/v1beta,,https://generativelanguage.googleapis.com/v1beta",
        "https://generativelanguage.googleapis.com,,https://generativelanguage.googleapis.com/v1beta",
        "http://127.0.0.1:9,v1alpha,http://127.0.0.1:9/v1alpha",
        "http://127.0.0.1:9/google,,http://127.0.0.1:9/google/v1beta",
        "http://127.0.0.1:9/google/v1,,http://127.0.0.1:9/google/v1",
    })
    void aiStudioHasItsVersionOnce(String base, String version, String expected) {
        Map<String, String> settings = new HashMap<>(Map.of("protocol", "gemini", "base-url", base));
        if (version != null) {
            settings.put("api-version", version);
        }
        assertThat(url(GeminiPlatform.AI_STUDIO, "gemini-2.5-pro", settings))
                .isEqualTo(expected + "/models/gemini-2.5-pro:generateContent");
    }

    @ParameterizedTest
    @CsvSource({
        "global,https://aiplatform.googleapis.com",
        "us,https://aiplatform.us.rep.googleapis.com",
        "eu,https://aiplatform.eu.rep.googleapis.com",
        "europe-west4,https://europe-west4-aiplatform.googleapis.com",
    })
    void vertexIsWhereItsLocationIs(String location, String host) {
        assertThat(url(
                        GeminiPlatform.VERTEX,
                        "gemini-2.5-pro",
                        Map.of("protocol", "vertex", "google.project", "p", "google.location", location)))
                .isEqualTo(host + "/v1/projects/p/locations/" + location
                        + "/publishers/google/models/gemini-2.5-pro:generateContent");
    }

    @Test
    void aBaseWithItsProjectStaysAsItIs() {
        assertThat(url(
                        GeminiPlatform.VERTEX,
                        "gemini-2.5-pro",
                        Map.of("protocol", "vertex", "base-url", "http://h:1/v1beta1/projects/q/locations/us-east5")))
                .isEqualTo("http://h:1/v1beta1/projects/q/locations/us-east5/publishers/google/models/"
                        + "gemini-2.5-pro:generateContent");
    }

    @ParameterizedTest
    @CsvSource({
        "models/gemini-2.5-pro,/models/gemini-2.5-pro",
        "google/gemini-2.5-pro,/models/gemini-2.5-pro",
        "tunedModels/mine-1,/tunedModels/mine-1",
        "../../v1/files,/models/..%2F..%2Fv1%2Ffiles",
        "..,/models/%2E%2E",
        "a?key=b#c d,/models/a%3Fkey%3Db%23c%20d",
    })
    void aModelIsANameAndNeverAPath(String model, String path) {
        Map<String, String> settings = Map.of("protocol", "gemini", "base-url", "http://h:1/v1beta");
        assertThat(GeminiAddress.path(ask(model, settings), GeminiPlatform.AI_STUDIO, "generateContent"))
                .isEqualTo(path + ":generateContent");
    }

    @Test
    void aTunedModelOfVertexIsAnEndpoint() {
        Map<String, String> settings = Map.of("protocol", "vertex", "google.project", "p");
        assertThat(GeminiAddress.path(ask("endpoints/123", settings), GeminiPlatform.VERTEX, "generateContent"))
                .isEqualTo("/v1/projects/p/locations/global/endpoints/123:generateContent");
    }
}
