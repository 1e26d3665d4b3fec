package dev.mehari.docs;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md tells to copy and paste does what it says. */
class ReadmeTest {
    private static final Pattern GROUP =
            Pattern.compile("```yaml\n(mehari:\n  models:\n    - name: always\n.*?)```", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile(
            "curl -si localhost:8080(\\S+) -H 'content-type: (\\S+)' \\\\\n +-d '(\\{\"model\":\"always\".*?})'");

    private static final Pattern KEY = Pattern.compile("MEHARI_ADMIN_KEY=(\\S+) java -jar target/mehari.jar &\n"
            + "KEY=\\$\\(java -jar target/mehari.jar (keys create .*)\\)");
    private static final Pattern KEYED_CALL = Pattern.compile(
            "curl -si localhost:8080(\\S+) -H \"authorization: Bearer \\$KEY\" -H 'content-type: (\\S+)' \\\\\n"
                    + " +-d '(\\{.*?})'");
    private static final Pattern USAGE =
            Pattern.compile("curl -s 'localhost:8080(/admin/usage\\S*)' -H 'authorization: (Bearer \\S+)'");
    private static final Pattern CACHE = Pattern.compile("```\n(ask\\(\\).*?)```", Pattern.DOTALL);
    private static final Pattern EDIT = Pattern.compile(
            "mehari.jar init (\\w+) .*?(sed -i [^\n]+).*?localhost:8080(\\S+) -H 'content-type: (\\S+)' "
                    + "\\\\\n +-d '(.*?)'\n",
            Pattern.DOTALL);

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
    void aKeyIsMadeItsLimitHitAndItsSpendReadOnTheDemoProvider() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        Matcher key = found(KEY, readme);
        Matcher call = found(KEYED_CALL, readme);
        Matcher usage = found(USAGE, readme);
        Map<String, String> environment = Map.of("PORT", "0", "MEHARI_ADMIN_KEY", key.group(1));
        try (GatewayProcess gateway = GatewayProcess.start(folder, environment);
                GatewayProcess command =
                        GatewayProcess.start(folder, environment, key.group(2).split(" "));
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(command.exitCode()).as(command.output()).isZero();
            String made =
                    command.output().lines().reduce("", (before, last) -> last).strip();
            String url = "http://127.0.0.1:" + gateway.port();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + call.group(1)))
                    .header("authorization", "Bearer " + made)
                    .header("content-type", call.group(2))
                    .POST(HttpRequest.BodyPublishers.ofString(call.group(3)))
                    .build();
            for (int i = 1; i <= 4; i++) {
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(i <= 3 ? 200 : 429);
                assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests"))
                        .hasValue(Integer.toString(Math.max(0, 3 - i)));
            }
            HttpRequest read = HttpRequest.newBuilder(URI.create(url + usage.group(1)))
                    .header("authorization", usage.group(2))
                    .build();
            Eventually.holds(
                    Duration.ofSeconds(60),
                    "three calls are written down",
                    () -> row(http, read).path("requests").asInt() == 3);
            JsonNode row = row(http, read);
            assertThat(row.path("team").asText()).isEqualTo("phones");
            assertThat(row.path("cost_usd").decimalValue()).isPositive();
            // A dollar for a million tokens in, two for a million out.
            assertThat(row.path("cost_usd").decimalValue().movePointRight(6).longValueExact())
                    .isEqualTo(row.path("prompt_tokens").asLong()
                            + 2 * row.path("completion_tokens").asLong());
        }
    }

    private static JsonNode row(HttpClient http, HttpRequest request) {
        return ErrorCheck.tree(http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                        .join()
                        .body())
                .path("data")
                .path(0);
    }

    @Test
    void theCacheDemoShowsAMissAHitAndABypass() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String demo = found(CACHE, readme).group(1);
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":")).anyMatch(at -> Files.isExecutable(Path.of(at, "curl"))),
                "curl is not installed");
        try (GatewayProcess gateway =
                GatewayProcess.start(folder, Map.of("PORT", "0", "MEHARI_CACHE_ENABLED", "true"))) {
            Process shell = new ProcessBuilder("sh", "-c", demo.replace(":8080", ":" + gateway.port()))
                    .redirectErrorStream(true)
                    .start();
            shell.getOutputStream().close();
            List<String> told = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .toList();
            List<String> promised = demo.lines()
                    .filter(line -> line.contains("# x-cache"))
                    .map(line -> line.substring(line.indexOf('#') + 2))
                    .toList();
            assertThat(promised).containsExactly("x-cache: MISS", "x-cache: HIT", "x-cache: BYPASS");
            assertThat(told).isEqualTo(promised);
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
            Eventually.holds(Duration.ofSeconds(60), "the edit serves", () -> {
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
