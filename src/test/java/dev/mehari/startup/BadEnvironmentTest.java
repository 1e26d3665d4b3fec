package dev.mehari.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong or missing variable ends a container at once, with one line that names it. */
class BadEnvironmentTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "PORT, 80a",
                "PORT, 70000",
                "HOST, nowhere.invalid",
                "LOG_LEVEL, chatty",
                "MEHARI_CACHE_ENABLED, perhaps",
                "MEHARI_ALLOW_ANONYMOUS, perhaps",
                "PROVIDER_NAME, nobody",
                "OPENAI_BASE_URL, 'api.openai.com/v1'",
                "REDIS_URL, 'http://cache:6379'",
                "REDIS_URL, 'redis://cache:port'",
                "DATABASE_URL, 'mysql://db/mehari'",
                "DATABASE_URL, 'postgres://db'",
                "DATABASE_URL, 'jdbc:sqlite:taken/mehari.db'",
                "SSL_CERTIFICATE, 'nowhere.pem'",
                "OTEL_EXPORTER_OTLP_ENDPOINT, 'collector:4318'"
            })
    void aWrongOneIsNamedInOneLine(String variable, String value) throws IOException {
        Files.createFile(folder.resolve("taken"));
        Map<String, String> environment = new HashMap<>(Map.of("PORT", "0"));
        environment.put(variable, value);
        ends(environment, variable);
    }

    @Test
    void aMissingOneIsNamedInOneLine() {
        ends(Map.of("PORT", "0", "HOST", "0.0.0.0"), "MEHARI_API_KEYS");
        ends(Map.of("PORT", "0", "PROVIDER_NAME", "openai"), "OPENAI_API_KEY");
        ends(Map.of("PORT", "0", "LANGFUSE_PUBLIC_KEY", "pk"), "LANGFUSE_SECRET_KEY");
        ends(Map.of("PORT", "0", "SSL_CERTIFICATE", "nowhere.pem"), "SSL_KEY");
    }

    @Test
    void oneThatIsASettingByItselfIsNamedFirst() {
        ends(
                Map.of("PORT", "0", "MEHARI_LIMITS_QUEUE", "many"),
                "MEHARI_LIMITS_QUEUE is \"many\", which mehari.limits.queue");
    }

    @Test
    void anEmptyOneCountsAsNotSet() throws IOException {
        Files.writeString(
                folder.resolve(".env"), "HOST=nowhere.invalid\nENABLE_LATENCY_METRICS=\nOPENAI_API_KEY=key\n");
        Map<String, String> environment = new HashMap<>();
        List.of(
                        "PORT",
                        "HOST",
                        "LOG_LEVEL",
                        "MEHARI_CACHE_ENABLED",
                        "MEHARI_ALLOW_ANONYMOUS",
                        "AWS_REGION",
                        "OPENAI_BASE_URL")
                .forEach(name -> environment.put(name, ""));
        try (GatewayProcess check = GatewayProcess.start(folder, environment, "check")) {
            assertThat(check.exitCode()).as(check.output()).isZero();
            assertThat(check.output()).contains("all is well").doesNotContain("warning");
        }
    }

    @Test
    void aSettingsFileThatIsNotThereIsNamedInOneLine() {
        ends(Map.of("PORT", "0", "SPRING_CONFIG_ADDITIONAL_LOCATION", "file:nowhere.yaml"), "nowhere.yaml");
    }

    private void ends(Map<String, String> environment, String words) {
        try (GatewayProcess gateway = GatewayProcess.start(folder, environment)) {
            assertThat(gateway.exitCode()).as(gateway.output()).isEqualTo(1);
            List<String> errors = gateway.output()
                    .lines()
                    .filter(line ->
                            line.contains("cannot start") || line.contains(" ERROR ") || line.contains(" WARN "))
                    .toList();
            assertThat(errors).as(gateway.output()).hasSize(1);
            assertThat(errors.getFirst()).contains("Mehari cannot start: ", words);
            assertThat(gateway.output()).doesNotContain("\tat ");
        }
    }
}
