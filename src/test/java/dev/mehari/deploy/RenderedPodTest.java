package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.deploy.HelmChart.Manifests;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as the chart's pod runs it: its variables, its arguments, and ConfigMaps as the kubelet mounts them. */
class RenderedPodTest {
    private static final String SECRET = "the-client's-key";
    private static final String SCRAPE = "the-scrape-key";

    @TempDir
    private Path folder;

    @Test
    void startsAsRenderedAndTakesEditedSettingsAndRoutesWithoutARestart() throws Exception {
        Manifests before = HelmChart.render(values("before"));
        mount(before, "1");
        try (GatewayProcess gateway = GatewayProcess.start(
                        Files.createDirectory(folder.resolve("data")), environment(before), arguments(before));
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(ask(http, gateway, "before").statusCode()).isEqualTo(200);
            assertThat(ask(http, gateway, "after").statusCode()).isEqualTo(404);
            assertThat(gateway.status("/health/ready")).isEqualTo(200);
            assertThat(gateway.status("/metrics")).isEqualTo(401);
            assertThat(gateway.output()).contains("Mehari listens on 0.0.0.0:");

            mount(HelmChart.render(values("after")), "2");
            Eventually.holds(Duration.ofSeconds(30), "the edit is in use", () -> answers(http, gateway, "after"));
            assertThat(ask(http, gateway, "before").statusCode()).isEqualTo(404);

            gateway.terminate();
            assertThat(gateway.exitCode()).isEqualTo(143);
        }
    }

    /** A group and a door of that name. */
    private static String values(String name) throws IOException {
        StringBuilder routes = new StringBuilder();
        try (var files = Files.list(Path.of("routes"))) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".camel.yaml")) {
                    routes.append("    ")
                            .append(file.getFileName())
                            .append(": |\n")
                            .append(Files.readString(file).indent(6));
                }
            }
        }
        return """
                drain: {delaySeconds: 0}
                application:
                  mehari:
                    models:
                      - name: %s
                        deployments: [{provider: demo, model: demo-delay-0}]
                routes:
                  files:
                """.formatted(name) + routes + """
                    extra.camel.yaml: |
                      - route:
                          id: %1$s-door
                          from:
                            uri: platform-http:/%1$s
                            steps:
                              - setBody:
                                  constant: %1$s
                """.formatted(name);
    }

    private boolean answers(HttpClient http, GatewayProcess gateway, String name) {
        try {
            return ask(http, gateway, name).statusCode() == 200 && gateway.status("/" + name) == 200;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> ask(HttpClient http, GatewayProcess gateway, String model)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions"))
                        .header("authorization", "Bearer " + SECRET)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"" + model
                                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":20}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, String> environment(Manifests manifests) {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : manifests.container().path("env")) {
            environment.put(
                    variable.path("name").asText(), variable.path("value").asText());
        }
        environment.put("PORT", "0");
        // From the Secret.
        environment.put("MEHARI_API_KEYS", SECRET);
        environment.put("MEHARI_SCRAPE_KEY", SCRAPE);
        return environment;
    }

    /** The container's arguments, with the paths of its mounts in this test's folder. */
    private String[] arguments(Manifests manifests) {
        List<String> arguments = new ArrayList<>();
        manifests
                .container()
                .path("args")
                .forEach(argument -> arguments.add(argument.asText().replace("=/", "=" + folder + "/")));
        return arguments.toArray(String[]::new);
    }

    /** Every ConfigMap where the container has it: files are links through {@code ..data}, which is swapped at once. */
    private void mount(Manifests manifests, String version) throws IOException {
        for (JsonNode mount : manifests.container().path("volumeMounts")) {
            JsonNode map = configMap(manifests, mount.path("name").asText());
            if (map == null) {
                continue;
            }
            Path place = folder.resolve(mount.path("mountPath").asText().substring(1));
            Path files = Files.createDirectories(place.resolve(".." + version));
            for (var file : map.path("data").properties()) {
                Files.writeString(files.resolve(file.getKey()), file.getValue().asText());
                Path link = place.resolve(file.getKey());
                if (!Files.isSymbolicLink(link)) {
                    Files.createSymbolicLink(link, Path.of("..data", file.getKey()));
                }
            }
            Path fresh = Files.createSymbolicLink(place.resolve("..data_tmp"), Path.of(".." + version));
            Files.move(fresh, place.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static JsonNode configMap(Manifests manifests, String volume) {
        for (JsonNode candidate : manifests.pod().path("volumes")) {
            if (candidate.path("name").asText().equals(volume) && candidate.has("configMap")) {
                String name = candidate.at("/configMap/name").asText();
                for (JsonNode manifest : manifests.all()) {
                    if (manifest.path("kind").asText().equals("ConfigMap")
                            && manifest.at("/metadata/name").asText().equals(name)) {
                        return manifest;
                    }
                }
            }
        }
        return null;
    }
}
