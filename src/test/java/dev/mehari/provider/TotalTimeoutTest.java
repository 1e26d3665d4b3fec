package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.ProviderSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TotalTimeoutTest {
    private final Provider provider = new Provider(
            "openai",
            new Binder(new MapConfigurationPropertySource(Map.of("p.protocol", "openai", "p.timeouts.total", "100s")))
                    .bindOrCreate("p", ProviderSettings.class),
            null);

    @Test
    void longAnswersGetMoreTimeInProportion() {
        assertThat(total(null)).isEqualTo(Duration.ofSeconds(100));
        assertThat(total(32_000L)).isEqualTo(Duration.ofSeconds(100));
        assertThat(total(32_001L)).isEqualTo(Duration.ofSeconds(200));
        assertThat(total(128_000L)).isEqualTo(Duration.ofSeconds(400));
    }

    @Test
    void anAbsurdLimitDoesNotMeanForEver() {
        assertThat(total(Long.MAX_VALUE)).isEqualTo(Duration.ofSeconds(10_000));
        assertThat(total(-1L)).isEqualTo(Duration.ofSeconds(100));
    }

    private Duration total(Long maxTokens) {
        return provider.timeouts(maxTokens).total();
    }
}
