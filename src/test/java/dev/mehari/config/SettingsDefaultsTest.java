package dev.mehari.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.util.unit.DataSize;

/** Pins every default that holds when application.yaml says nothing. */
class SettingsDefaultsTest {
    @Test
    void theGatewaysDefaults() {
        MehariSettings settings = bind("mehari", MehariSettings.class, Map.of());
        assertThat(settings)
                .isEqualTo(new MehariSettings(
                        null,
                        false,
                        new MehariSettings.Access(List.of(), false, null, null),
                        new MehariSettings.Limits(
                                DataSize.ofMegabytes(32),
                                DataSize.ofMegabytes(128),
                                1000,
                                20_000,
                                1000,
                                Duration.ofMillis(500),
                                false),
                        new HttpSettings(
                                50_000,
                                100,
                                DataSize.ofKilobytes(32),
                                DataSize.ofKilobytes(16),
                                100,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(75)),
                        new CorsSettings(List.of(), List.of(), Duration.ofMinutes(10)),
                        new MehariSettings.Streaming(Duration.ofSeconds(15)),
                        new MehariSettings.Routes(null, MehariSettings.Reload.ON),
                        new MehariSettings.Transport(0),
                        new MehariSettings.Media(true, DataSize.ofMegabytes(20), Duration.ofSeconds(10), 3, List.of()),
                        new MehariSettings.Shutdown(Duration.ZERO),
                        new MehariSettings.Demo(Duration.ofMillis(20)),
                        new MehariSettings.Database("jdbc:sqlite:data/mehari.db", Duration.ofSeconds(2)),
                        new MehariSettings.Conversations(Duration.ofDays(30), DataSize.ofMegabytes(16)),
                        new AnthropicSettings(8192, AnthropicSettings.LateSystem.WRAP, null, List.of()),
                        new MehariSettings.Redis(null, Duration.ofMillis(50), "mehari"),
                        new CacheSettings(
                                false,
                                CacheSettings.Mode.DETERMINISTIC,
                                Duration.ofHours(1),
                                DataSize.ofMegabytes(64),
                                DataSize.ofMegabytes(1),
                                DataSize.ofMegabytes(1),
                                true,
                                Duration.ofSeconds(60),
                                Duration.ZERO,
                                new CacheSettings.Shared(Duration.ofMillis(20), Duration.ofSeconds(10)),
                                List.of()),
                        new RoutingSettings(
                                RoutingSettings.Strategy.WEIGHTED,
                                0,
                                3,
                                Duration.ofSeconds(600),
                                new RoutingSettings.BackOff(Duration.ofMillis(200), Duration.ofSeconds(5)),
                                new RoutingSettings.Cooldown(
                                        3,
                                        0.5,
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(60),
                                        Duration.ofMinutes(10),
                                        Duration.ofSeconds(30))),
                        null,
                        new MetricsSettings(true, true, false, 200),
                        new ContentSettings(ContentSettings.Capture.OFF, DataSize.ofKilobytes(64)),
                        new RequestLogSettings(true, 10_000, Duration.ofDays(30), 5_000_000, DataSize.ofGigabytes(10)),
                        new TracingSettings(
                                null,
                                null,
                                "mehari",
                                List.of(),
                                2048,
                                new TracingSettings.Langfuse(null, null, "https://cloud.langfuse.com", false)),
                        new KeySettings(
                                false,
                                List.of(),
                                List.of(),
                                10_000,
                                Duration.ofSeconds(15),
                                Duration.ofHours(24),
                                Duration.ofMinutes(30),
                                1000),
                        new BudgetSettings(0.8, null, BudgetSettings.Unpriced.REFUSE),
                        List.of(),
                        Map.of(),
                        List.of()));
    }

    @Test
    void theServersDefaults() {
        assertThat(bind("server", ServerAddress.class, Map.of()))
                .isEqualTo(new ServerAddress(8080, "127.0.0.1", new ServerAddress.Ssl(null, null, null)));
    }

    @Test
    void aProvidersDefaults() {
        assertThat(provider(Map.of("protocol", "openai")))
                .isEqualTo(new ProviderSettings(
                        "openai",
                        null,
                        null,
                        null,
                        ProviderSettings.Auth.BEARER,
                        null,
                        new GoogleSettings(null, "global", null, Map.of()),
                        new AwsSettings(null, null, null, null, null, null, null, null, "DRAFT"),
                        new EntraSettings(
                                null,
                                null,
                                null,
                                null,
                                null,
                                URI.create("https://login.microsoftonline.com"),
                                false,
                                null,
                                null,
                                URI.create("http://169.254.169.254")),
                        Map.of(),
                        "1.1",
                        "/chat/completions",
                        new ProviderSettings.Embeddings("/embeddings", List.of(), Map.of()),
                        new ProviderSettings.Responses(null, true, List.of()),
                        Map.of(),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        new ProviderSettings.Timeouts(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(600)),
                        new ProviderSettings.Pool(16384, 100, Duration.ofSeconds(50), 1, 1),
                        new Quirks(
                                List.of(),
                                List.of(),
                                List.of(),
                                Map.of(),
                                false,
                                Quirks.MaxTokens.BY_MODEL,
                                true,
                                true,
                                List.of(),
                                true,
                                "required",
                                0,
                                true,
                                Quirks.JsonSchema.NATIVE,
                                true,
                                Map.of(),
                                Quirks.ReasoningHistory.KEEP,
                                true,
                                Quirks.StreamUsage.ASK,
                                false,
                                List.of())));
    }

    @Test
    void withoutQuirksARequestPassesAsBytes() {
        assertThat(provider(Map.of("protocol", "openai")).quirks().keepsMessages())
                .isTrue();
    }

    @Test
    void aDeploymentsDefaults() {
        MehariSettings settings = bind(
                "mehari",
                MehariSettings.class,
                Map.of("models[0].name", "a/b:c", "models[0].deployments[0].provider", "x"));
        assertThat(settings.models())
                .containsExactly(new ModelGroupSettings(
                        "a/b:c",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(new ModelGroupSettings.Deployment(
                                null, "x", null, 1, 1, null, null, null, null, null, null, null, null))));
    }

    @Test
    void aKeysAndAPricesDefaults() {
        MehariSettings settings = bind(
                "mehari",
                MehariSettings.class,
                Map.of(
                        "keys.list[0].key-hash",
                        "sha256:00",
                        "prices[0].provider",
                        "x",
                        "prices[0].price.input",
                        "0.15"));
        assertThat(settings.keys().list())
                .containsExactly(new KeySettings.Key(
                        null,
                        "sha256:00",
                        null,
                        List.of(),
                        List.of(),
                        null,
                        false,
                        null,
                        null,
                        null,
                        null,
                        KeySettings.Period.MONTH,
                        false,
                        KeySettings.CacheUse.DEFAULT,
                        null,
                        Map.of()));
        assertThat(settings.prices())
                .containsExactly(new PriceSettings(
                        "x",
                        List.of(),
                        new PriceSettings.Rates(
                                null,
                                new BigDecimal("0.15"),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                List.of())));
    }

    @Test
    void blankMeansAbsent() {
        MehariSettings settings =
                bind("mehari", MehariSettings.class, Map.of("default-provider", " ", "access.api-keys", " , a ,, b "));
        assertThat(settings.defaultProvider()).isNull();
        assertThat(settings.access().apiKeys()).containsExactly("a", "b");
        ProviderSettings provider =
                provider(Map.of("protocol", "openai", "base-url", "", "api-key", " ", "default-model", ""));
        assertThat(provider.baseUrl()).isNull();
        assertThat(provider.apiKey()).isNull();
        assertThat(provider.defaultModel()).isNull();
    }

    @Test
    void aBaseUrlIsCutBackToWhatAllEndpointsShare() {
        for (String url : List.of("http://h/v1", "http://h/v1/", "http://h/v1//", "http://h/v1/chat/completions/")) {
            assertThat(provider(Map.of("base-url", url)).baseUrl()).isEqualTo(URI.create("http://h/v1"));
        }
    }

    @Test
    void availableIsWhoHasAKeyNeedsNoneOrStandsElsewhere() {
        Map<String, String> at = Map.of("base-url", "http://h/v1", "public-url", "http://h/v1/");
        assertThat(provider(at).isAvailable()).isFalse();
        assertThat(provider(with(at, entry("api-key", "k"))).isAvailable()).isTrue();
        assertThat(provider(with(at, entry("auth", "none"))).isAvailable()).isTrue();
        assertThat(provider(with(at, entry("base-url", "http://mine/v1"))).isAvailable())
                .isTrue();
    }

    private static Map<String, String> with(Map<String, String> some, Map.Entry<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.put(more.getKey(), more.getValue());
        return all;
    }

    private static ProviderSettings provider(Map<String, String> values) {
        return bind("provider", ProviderSettings.class, values);
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put(prefix + "." + name, value));
        return new Binder(List.of(source), null, new ApplicationConversionService()).bindOrCreate(prefix, type);
    }
}
