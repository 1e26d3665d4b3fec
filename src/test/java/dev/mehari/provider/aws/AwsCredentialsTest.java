package dev.mehari.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Provider;
import dev.mehari.transport.Timeouts;
import dev.mehari.transport.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** As whom AWS is asked. */
class AwsCredentialsTest {
    /** Nobody's files of this machine count here. */
    private static final Map<String, String> NOTHING = Map.of(
            "aws.sharedCredentialsFile", "/nonexistent/credentials",
            "aws.configFile", "/nonexistent/config",
            "aws.disableEc2Metadata", "true");

    private final AwsCredentials credentials = new AwsCredentials();

    @BeforeEach
    void forgetThisMachine() {
        NOTHING.forEach(System::setProperty);
    }

    @AfterEach
    void remember() {
        NOTHING.keySet().forEach(System::clearProperty);
    }

    private static Provider provider(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "p.protocol",
                "bedrock",
                "p.base-url",
                "http://127.0.0.1:1",
                "p.public-url",
                "https://bedrock-runtime.us-east-1.amazonaws.com"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put("p." + settings[i], settings[i + 1]);
        }
        return new Provider(
                "bedrock",
                new Binder(new MapConfigurationPropertySource(all))
                        .bind("p", ProviderSettings.class)
                        .get(),
                null);
    }

    private static UpstreamRequest request(Provider provider) {
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        return new UpstreamRequest(provider.target(), "/model/m/converse", provider.headers(), body, false, timeouts);
    }

    private static List<String> headers(UpstreamRequest request) {
        return request.headers().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void keysOfTheSettingsSign() {
        Provider provider = provider("aws.access-key-id", "AKID", "aws.secret-access-key", "secret");
        UpstreamRequest signed = credentials.sign(request(provider), provider);
        assertThat(headers(signed)).contains("authorization", "x-amz-date").doesNotContain("x-amz-security-token");
    }

    @Test
    void atAnAddressOfOurOwnNoCredentialsMeansNoSignature() {
        Provider provider = provider();
        UpstreamRequest request = request(provider);
        assertThat(credentials.sign(request, provider)).isSameAs(request);
        assertThat(credentials.sign(request, provider)).isSameAs(request);
    }

    @Test
    void atAwsItselfNoCredentialsIsToldWithWhatToDo() {
        Provider provider =
                provider("base-url", "https://bedrock-runtime.us-east-1.amazonaws.com", "aws.region", "us-east-1");
        assertThatThrownBy(() -> credentials.sign(request(provider), provider))
                .isInstanceOf(UpstreamRefusedUs.class)
                .hasMessageContaining("AWS_ACCESS_KEY_ID")
                .hasMessageNotContaining("/nonexistent");
    }

    @Test
    void aProfileThatIsNotThereIsToldWithoutPaths() {
        Provider provider = provider(
                "base-url",
                "https://bedrock-runtime.us-east-1.amazonaws.com",
                "aws.region",
                "us-east-1",
                "aws.profile",
                "work");
        assertThatThrownBy(() -> credentials.sign(request(provider), provider))
                .isInstanceOf(UpstreamRefusedUs.class)
                .hasMessageNotContaining("/nonexistent");
    }

    @Test
    void atAwsItselfARegionIsNeeded() {
        Provider provider = provider(
                "base-url",
                "https://bedrock-runtime.us-east-1.amazonaws.com",
                "aws.access-key-id",
                "a",
                "api-key",
                "key");
        assertThatThrownBy(() -> credentials.sign(request(provider), provider))
                .isInstanceOf(UpstreamRefusedUs.class)
                .hasMessageContaining("AWS_REGION");
    }

    @Test
    void aPrivateEndpointOfAwsWantsCredentialsToo() {
        Provider provider = provider(
                "base-url", "https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "aws.region", "eu-west-1");
        assertThatThrownBy(() -> credentials.sign(request(provider), provider)).isInstanceOf(UpstreamRefusedUs.class);
    }

    @Test
    void anApiKeyGoesAsBearerTokenInstead() {
        Provider provider = provider("api-key", "ABSKexample", "aws.access-key-id", "a", "aws.secret-access-key", "b");
        UpstreamRequest request = request(provider);
        assertThat(credentials.sign(request, provider)).isSameAs(request);
        assertThat(request.headers()).contains(Map.entry("authorization", "Bearer ABSKexample"));
    }

    @Test
    void whatWasRefusedIsLookedUpAnew() {
        Provider provider = provider("aws.access-key-id", "AKID", "aws.secret-access-key", "secret");
        credentials.sign(request(provider), provider);
        credentials.refused(provider);
        assertThat(headers(credentials.sign(request(provider), provider))).contains("authorization");
    }
}
