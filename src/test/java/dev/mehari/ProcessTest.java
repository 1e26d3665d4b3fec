package dev.mehari;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.GatewayProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The gateway as users start it: what it reads in its folder, and how it ends when it cannot start. */
class ProcessTest {
    @TempDir
    private Path folder;

    @Test
    void theNearerSourceOfASettingWins() throws IOException {
        write(".env", """
                PORT=1
                OPENAI_MODEL=from-dotenv
                GROQ_API_KEY='key from dotenv'
                PROVIDER_NAME=groq
                """);
        write("application.yaml", """
                server:
                  port: 2
                mehari:
                  default-provider: mistral
                  providers:
                    openai: {default-model: from-file}
                    deepseek: {default-model: from-file, api-key: "${OTHER_KEY:}"}
                    sambanova: {default-model: from-file}
                """);
        copyRoutes();
        write("routes/mine.camel.yaml", """
                - route:
                    id: mine
                    from:
                      uri: platform-http:/mine
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: from this folder
                """);
        Map<String, String> environment =
                Map.of("OPENAI_MODEL", "from-environment", "DEEPSEEK_API_KEY", "k", "HOST", "::1");
        try (GatewayProcess gateway = GatewayProcess.start(
                folder,
                environment,
                "--port",
                "0",
                "--host=127.0.0.1",
                "--mehari.providers.sambanova.default-model=from-option")) {
            JsonNode list = ErrorCheck.tree(gateway.get("/v1/providers"));
            Map<String, JsonNode> providers = new TreeMap<>();
            list.path("providers")
                    .forEach(entry -> providers.put(entry.path("name").asText(), entry));
            assertThat(providers.get("sambanova").path("default_model").asText())
                    .isEqualTo("from-option");
            assertThat(providers.get("openai").path("default_model").asText()).isEqualTo("from-environment");
            assertThat(list.path("default").asText()).isEqualTo("groq");
            assertThat(providers.get("groq").path("available").asBoolean()).isTrue();
            assertThat(providers.get("deepseek").path("default_model").asText()).isEqualTo("from-file");
            // The file names another variable for it, and that one is not set.
            assertThat(providers.get("deepseek").path("available").asBoolean()).isFalse();
            assertThat(providers.get("demo").path("default_model").asText()).isEqualTo("demo");
            assertThat(gateway.get("/mine")).isEqualTo("from this folder");
        }
    }

    @Test
    void aPortInUseIsToldInTwoLines() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess gateway =
                        GatewayProcess.start(folder, Map.of("PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(gateway.exitCode()).isEqualTo(1);
            assertThat(gateway.output())
                    .contains("127.0.0.1:" + taken.getLocalPort(), "in use", "Set PORT")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void anUnknownOptionEndsWithTwo() {
        try (GatewayProcess gateway = GatewayProcess.start(folder, Map.of(), "--nope")) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output())
                    .contains("unknown argument --nope", "--port")
                    .doesNotContain("\tat ");
        }
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    /** The shipped routes, into the folder. */
    private void copyRoutes() throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        for (Resource route : new PathMatchingResourcePatternResolver().getResources("classpath:routes/*.camel.yaml")) {
            Files.write(
                    folder.resolve("routes").resolve(String.valueOf(route.getFilename())),
                    route.getContentAsByteArray());
        }
    }
}
