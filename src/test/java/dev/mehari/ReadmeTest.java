package dev.mehari;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md tells to copy and paste does what it says. */
class ReadmeTest {
    private static final Pattern GROUP =
            Pattern.compile("```yaml\n(mehari:\n  models:\n    - name: always\n.*?)```", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile(
            "curl -si localhost:8080(\\S+) -H 'content-type: (\\S+)' \\\\\n +-d '(\\{\"model\":\"always\".*?})'");

    private static final Pattern EDIT =
            Pattern.compile("mehari.jar init (\\w+) .*?(sed -i [^\n]+).*?localhost:8080(\\S+) -H 'content-type: (\\S+)' "
                    + "\\\\\n +-d '(.*?)'\n", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void theFailoverDemoWorksWithNothingButTheDemoProvider() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        Files.writeString(folder.resolve("groups.yaml"), found(GROUP, readme).group(1));
        Matcher call = found(CALL, readme);
        try (GatewayProcess gateway = GatewayProcess.start(folder, Map.of("PORT", "0"), "--config", "groups.yaml");
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gateway.port() + call.group(1)))
                    .header("content-type", call.group(2))
                    .POST(HttpRequest.BodyPublishers.ofString(call.group(3)))
                    .build();
            for (int i = 1; i <= 4; i++) {
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("x-mehari-model")).hasValue("demo");
                assertThat(answer.headers().firstValue("x-mehari-attempts").orElse("1"))
                        .isEqualTo(i <= 3 ? "2" : "1");
            }
            JsonNode deployments = ErrorCheck.tree(gateway.get("/stats"))
                    .path("groups")
                    .path(0)
                    .path("deployments");
            assertThat(deployments.findValuesAsText("state")).containsExactly("cooling", "healthy", "healthy");
        }
    }

    @Test
    void anEditOfARouteServesWhileTheGatewayRuns() throws Exception {
        Matcher block = found(EDIT, Files.readString(Path.of("README.md")));
        try (GatewayProcess init = GatewayProcess.start(folder, Map.of(), "init", block.group(1))) {
            assertThat(init.exitCode()).isZero();
        }
        Path mine = folder.resolve(block.group(1));
        try (GatewayProcess gateway = GatewayProcess.start(mine, Map.of("PORT", "0"));
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gateway.port() + block.group(3)))
                    .header("content-type", block.group(4))
                    .POST(HttpRequest.BodyPublishers.ofString(block.group(5)))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(404);
            Process edit = new ProcessBuilder("bash", "-c", block.group(2))
                    .directory(mine.toFile())
                    .inheritIO()
                    .start();
            assertThat(edit.waitFor()).isZero();
            Eventually.holds(Duration.ofSeconds(30), "the edit serves", () -> {
                try {
                    return http.send(request, HttpResponse.BodyHandlers.ofString())
                                    .statusCode()
                            == 200;
                } catch (IOException | InterruptedException failed) {
                    throw new AssertionError(failed);
                }
            });
        }
    }

    private static Matcher found(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("README.md holds " + pattern).isTrue();
        return matcher;
    }
}
