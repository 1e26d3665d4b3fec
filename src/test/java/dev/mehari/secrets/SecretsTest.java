package dev.mehari.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What is masked in a text, and what stays readable. */
class SecretsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key sk-proj-abcdef0123456789abcdef used|key sk-*** used",
                "sk-ant-api03-abcdef0123456789|sk-***",
                "AKIAIOSFODNN7EXAMPLE|AKIA***",
                "mh-abcdef012345-0123456789abcdef0123456789abcdef is here|mh-abcdef012345-*** is here",
                "authorization: Bearer abcdef.0123-456|authorization: Bearer ***",
                "Authorization=[Bearer abcdef0123456]|Authorization=[Bearer ***]",
                "x-api-key: opensesame|x-api-key: ***",
                "{x-goog-api-key=opensesame, a=b}|{x-goog-api-key=***, a=b}",
                "{\"api_key\":\"opensesame\",\"model\":\"m\"}|{\"api_key\":\"***\",\"model\":\"m\"}",
                "GET /v1/models?key=opensesame&x=1|GET /v1/models?key=***&x=1",
                "redis://me:opensesame@host:6379/0|redis://me:***@host:6379/0",
                "redis://:opensesame@host:6379|redis://:***@host:6379",
                "cookie: session=opensesame|cookie: ***",
                "token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl here|token *** here"
            })
    void secretsAreKnownByTheirShape(String text, String masked) {
        assertThat(new Secrets().without(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mehari listens on 127.0.0.1:8080; available providers: demo, openai",
                "provider \"openai\" refused the gateway's credentials; check its key in the settings",
                "first-token time-out of 60s, max_tokens=4096, total_tokens: 123456789",
                "http://127.0.0.1:8080/v1/chat/completions?x=1",
                "the setting mehari.limitz (file [application.yaml] - 3:5) is not known",
                "req_abcdefghij0123456789",
                "2026-11-21T14:00:00.000Z INFO 1 --- [main] d.m.Mehari : task-based token-bucket"
            })
    void otherTextStays(String text) {
        Secrets secrets = new Secrets();
        secrets.add(List.of("short", "", "a-known-secret"));
        assertThat(secrets.without(text)).isSameAs(text);
    }

    @Test
    void knownValuesAreMaskedWherever() {
        Secrets secrets = new Secrets();
        secrets.add(List.of("opensesame", "opensesame-and-more", "with(regex]chars$1"));
        assertThat(secrets.without("xopensesame-and-morey opensesame with(regex]chars$1"))
                .isEqualTo("x***y *** ***");
    }

    @Test
    void settingsTellWhatIsSecret() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.ofEntries(
                                Map.entry("mehari.access.api-keys", "client-key-1, client-key-2"),
                                Map.entry("mehari.providers.x.api-key", "${PROVIDER_SECRET}"),
                                Map.entry("PROVIDER_SECRET", "provider-key"),
                                Map.entry("AWS_SECRET_ACCESS_KEY", "aws-secret"),
                                Map.entry("MEHARI_ADMIN_KEY", "admin-key-x"),
                                Map.entry("REDIS_URL", "rediss://u:redis%2Fpass@h"),
                                Map.entry("mehari.providers.x.headers.authorization", "header-secret"),
                                Map.entry("mehari.providers.x.headers.x-title", "Mehari-Title"),
                                Map.entry("SSL_KEY", "/etc/tls/tls.key"),
                                Map.entry("mehari.providers.x.base-url", "https://api.example/v1"))));
        assertThat(SecretSettings.of(environment))
                .contains(
                        "client-key-1",
                        "client-key-2",
                        "provider-key",
                        "aws-secret",
                        "admin-key-x",
                        "redis%2Fpass",
                        "redis/pass",
                        "header-secret")
                .doesNotContain("Mehari-Title", "/etc/tls/tls.key", "https://api.example/v1");
        Secrets secrets = new Secrets();
        secrets.addFrom(environment);
        assertThat(secrets.without("provider-key at https://api.example/v1"))
                .isEqualTo("*** at https://api.example/v1");
    }
}
