package dev.mehari.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.transport.UpstreamRequest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AzureSiteTest {
    private static ProviderSettings settings(String... pairs) {
        Map<String, String> properties = new HashMap<>(Map.of("p.protocol", "azure"));
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put("p." + pairs[i], pairs[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("p", ProviderSettings.class);
    }

    @ParameterizedTest(name = "{0} with version {1}")
    @CsvSource({
        "https://r.openai.azure.com, '', https://r.openai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com/, '', https://r.openai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com, v1, https://r.openai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com, preview, https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview",
        "https://r.openai.azure.com, 2024-10-21,"
                + " https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        "https://r.services.ai.azure.com/openai, '', https://r.services.ai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com/openai, 2025-01-01-preview,"
                + " https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2025-01-01-preview",
        "https://r.openai.azure.com/openai/v1, '', https://r.openai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com/openai/v1/, 2024-10-21, https://r.openai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com/openai/v1/chat/completions, '', https://r.openai.azure.com/openai/v1/chat/completions",
        "https://r.openai.azure.com/openai/deployments/d, '',"
                + " https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
        "https://r.openai.azure.com/openai/deployments, 2024-06-01,"
                + " https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-06-01",
        "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-06-01, '',"
                + " https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-06-01",
        "https://team.azure-api.net/ai/openai, 2024-10-21,"
                + " https://team.azure-api.net/ai/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        "http://127.0.0.1:9000, '', http://127.0.0.1:9000/openai/v1/chat/completions"
    })
    void theAddressHasWhatTheBaseLacks(String base, String version, String address) {
        ProviderSettings settings = settings("base-url", base, "api-version", version);
        String path = new AzureSite(settings).path("my gpt", "chat/completions");
        assertThat(settings.baseUrl() + path).isEqualTo(address);
    }

    @Test
    void deploymentsHaveNamesOfTheirOwn() {
        AzureSite site = new AzureSite(settings(
                "base-url",
                "https://r.openai.azure.com",
                "deployments.gpt-4.1",
                "prod",
                "deployments.o3",
                "prod-think"));
        assertThat(site.deployment("gpt-4.1")).isEqualTo("prod");
        assertThat(site.deployment("another")).isEqualTo("another");
        assertThat(site.family("gpt-4.1")).isEqualTo("gpt-4.1");
        assertThat(site.family("prod-think")).isEqualTo("o3");
        assertThat(site.family("another")).isEqualTo("another");
    }

    @ParameterizedTest
    @CsvSource({"'', true", "v1, true", "2024-02-01, false", "2024-09-01-preview, true", "2024-10-21, true"})
    void onlyOlderVersionsAreNotAskedForUsage(String version, boolean asked) {
        AzureSite site = new AzureSite(settings("base-url", "https://r.openai.azure.com", "api-version", version));
        assertThat(site.tellsUsageInStreams()).isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource({
        "v1, -1, /openai/v1/responses/resp_1?stream=true",
        "v1, 7, /openai/v1/responses/resp_1?stream=true&starting_after=7",
        "preview, 7, /openai/v1/responses/resp_1?api-version=preview&stream=true&starting_after=7",
    })
    void theStreamOfAStoredResponseHasTheVersionToo(String version, int after, String path) {
        Provider provider = new Provider(
                "azure",
                settings("base-url", "https://r.openai.azure.com", "api-key", "k", "api-version", version),
                null);
        UpstreamRequest request = new AzureProtocol(new OpenAiProtocol()).followed(provider, "resp_1", after);
        assertThat(request.path()).isEqualTo(path);
        assertThat(request.stream()).isTrue();
    }

    @Test
    void withoutAnAddressNothingIsAvailable() {
        assertThat(settings("api-key", "k", "base-url", "").isAvailable()).isFalse();
        assertThat(settings("api-key", "k", "base-url", "https://r.openai.azure.com")
                        .isAvailable())
                .isTrue();
        assertThat(settings("entra.tenant-id", "t", "entra.client-id", "c", "entra.client-secret", "s")
                        .isAvailable())
                .isFalse();
    }
}
