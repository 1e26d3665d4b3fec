package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each recipe of docs/cookbook, applied as it is printed to a gateway that runs, does what it says. */
class CookbookTest {
    private static final Path COOKBOOK = Path.of("docs/cookbook");
    private static final Pattern DIFF = Pattern.compile("```diff\n(.*?)```", Pattern.DOTALL);
    private static final String[] KEY = {"authorization", "Bearer support-desk-key"};

    @TempDir
    private static Path folder;

    private static final Map<Path, String> SHIPPED = new HashMap<>();

    private static ScriptedUpstream openai;
    private static ScriptedUpstream other;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws IOException {
        openai = new ScriptedUpstream();
        other = new ScriptedUpstream();
        Path routes = Files.createDirectory(folder.resolve("routes"));
        String where = RoutesFolder.edited(routes);
        Files.copy(Path.of("application.yaml"), folder.resolve("application.yaml"));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                SHIPPED.put(file, Files.readString(file));
            }
        }
        gateway = Gateway.before(
                openai,
                where,
                "mehari.routes.reload=off",
                "spring.config.additional-location=file:" + folder.resolve("application.yaml"),
                "mehari.access.api-keys=support-desk-key,another-key",
                "mehari.providers.mistral.base-url=" + other.url(),
                "mehari.providers.mistral.api-key=k",
                "ACME_BASE_URL=" + other.url(),
                "ACME_API_KEY=acme-key",
                "usage.folder=" + folder.resolve("logs"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        openai.close();
        other.close();
    }

    @AfterEach
    void restore() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!SHIPPED.containsKey(file)) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<Path, String> file : SHIPPED.entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
        }
        gateway.bean(SettingsReload.class).reload();
        gateway.bean(LiveRoutes.class).reload();
        openai.reset();
        other.reset();
    }

    @Test
    void everyRecipeIsListedAndTested() throws IOException {
        String index = Files.readString(COOKBOOK.resolve("README.md"));
        try (Stream<Path> files = Files.list(COOKBOOK)) {
            List<String> recipes = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .toList();
            assertThat(recipes).hasSize(11).allMatch(name -> index.contains("(" + name + ")"));
        }
    }

    @Test
    void addAProvider() {
        apply("add-a-provider");
        other.answer(Script.json(200, Answers.json("hello")));
        assertThat(ask("acme/some-model").statusCode()).isEqualTo(200);
        assertThat(other.last().json().path("model").asText()).isEqualTo("some-model");
        assertThat(other.last().header("authorization")).isEqualTo("Bearer acme-key");
    }

    @Test
    void routeByTenant() {
        apply("route-by-tenant");
        openai.answer(Script.json(200, Answers.json("hello")));
        other.answer(Script.json(200, Answers.json("hello")));
        assertThat(ask("gpt-4o").statusCode()).isEqualTo(200);
        assertThat(other.requests()).isEmpty();
        assertThat(ask("gpt-4o", "x-tenant", "acme").statusCode()).isEqualTo(200);
        assertThat(other.requests()).hasSize(1);
    }

    @Test
    void longPrompts() {
        apply("long-prompts");
        openai.answer(request -> Script.json(200, Answers.json("hello")));
        assertThat(ask("gpt-4o-mini").statusCode()).isEqualTo(200);
        assertThat(openai.last().json().path("model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(say("gpt-4o-mini", "word ".repeat(11_000)).statusCode()).isEqualTo(200);
        assertThat(openai.last().json().path("model").asText()).isEqualTo("gpt-4.1");
    }

    @Test
    void abTest() {
        apply("ab-test");
        openai.answer(request -> Script.json(200, Answers.json("hello")));
        for (int i = 0; i < 300; i++) {
            ask("gpt-4o");
        }
        long tried = openai.requests().stream()
                .filter(request -> request.json().path("model").asText().equals("gpt-4.1"))
                .count();
        // Thirty are expected; fewer than two or more than a hundred come once in many billion runs.
        assertThat(tried).isBetween(2L, 100L);
    }

    @Test
    void staticFailover() {
        apply("static-failover");
        other.answer(request -> Script.json(503, Answers.error("overloaded", "server_error", "overloaded")));
        openai.answer(request -> request.json().path("stream").asBoolean()
                ? Script.events(Answers.stream("hel", "lo"))
                : Script.json(200, Answers.json("hello")));
        assertThat(ask("mistral-small").body()).contains("hello");
        assertThat(other.last().json().path("model").asText()).isEqualTo("mistral-small");
        assertThat(openai.last().json().path("model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(gateway.chat(Answers.ask("mistral-small", true), KEY).body()).contains("hel", "[DONE]");
    }

    @Test
    void maskPii() {
        apply("mask-pii");
        openai.answer(Script.json(200, Answers.json("hello")));
        assertThat(say("gpt-4o", "write to jane.doe+x@mail.example.org, please").statusCode())
                .isEqualTo(200);
        assertThat(openai.last().body()).contains("write to [e-mail], please").doesNotContain("jane");
        assertThat(openai.last().json().path("model").asText()).isEqualTo("gpt-4o");
    }

    @Test
    void systemPrompt() {
        apply("system-prompt");
        openai.answer(request -> Script.json(200, Answers.json("hello")));
        assertThat(ask("gpt-4o").statusCode()).isEqualTo(200);
        assertThat(openai.last().json().path("messages").path(0).path("content").asText())
                .startsWith("Answer as the support desk of Acme");
        assertThat(gateway.chat(Answers.ask("gpt-4o", false), "authorization", "Bearer another-key")
                        .statusCode())
                .isEqualTo(200);
        assertThat(openai.last().body()).doesNotContain("support desk");
    }

    @Test
    void logUsage() {
        apply("log-usage");
        openai.answer(request -> Script.json(200, Answers.json("hello")));
        ask("gpt-4o");
        ask("gpt-4o");
        Path log = folder.resolve("logs/usage.jsonl");
        Eventually.holds(Duration.ofSeconds(20), "two lines are there", () -> lines(log) == 2);
        assertThat(log)
                .content()
                .contains("\"provider\":\"openai\"", "\"model\":\"gpt-4o\"", "\"input_tokens\":", "\"status\":200");
    }

    @Test
    void timeOfDay() {
        apply("time-of-day");
        openai.answer(Script.json(200, Answers.json("hello")));
        boolean night = LocalTime.now().getHour() < 6;
        assertThat(ask("gpt-4o").statusCode()).isEqualTo(200);
        if (night == LocalTime.now().getHour() < 6) {
            assertThat(openai.last().json().path("model").asText()).isEqualTo(night ? "gpt-4.1" : "gpt-4o");
        }
    }

    @Test
    void blockAModel() {
        apply("block-a-model");
        openai.answer(Script.json(200, Answers.json("hello")));
        HttpResponse<String> refused = ask("o3-pro");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("\"code\":\"model_not_allowed\"", "o3-pro");
        assertThat(ask("o3").statusCode()).isEqualTo(200);
        assertThat(openai.requests()).hasSize(1);
    }

    @Test
    void countSomething() {
        apply("count-something");
        openai.answer(request -> Script.json(200, Answers.json("hello")));
        ask("gpt-4o");
        String tools = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":"
                + "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]}";
        assertThat(gateway.chat(tools, KEY).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/metrics").body()).containsPattern("tool_calls_total\\{[^}]*} 1.0");
    }

    private static HttpResponse<String> ask(String model, String... headers) {
        return gateway.chat(
                Answers.ask(model, false),
                Stream.concat(Stream.of(KEY), Stream.of(headers)).toArray(String[]::new));
    }

    private static HttpResponse<String> say(String model, String words) {
        return gateway.chat(
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}", KEY);
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException notYet) {
            return 0;
        }
    }

    /** As {@code patch -p1} does, to the letter. */
    private static void apply(String recipe) {
        try {
            Matcher found = DIFF.matcher(Files.readString(COOKBOOK.resolve(recipe + ".md")));
            assertThat(found.find()).isTrue();
            for (String part : found.group(1).split("(?m)^--- .*\n")) {
                if (!part.isEmpty()) {
                    String name = part.lines().findFirst().orElseThrow().replace("+++ b/", "");
                    patch(folder.resolve(name), part);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        LiveRoutes routes = gateway.bean(LiveRoutes.class);
        boolean changed = routes.reload();
        assertThat(gateway.bean(SettingsReload.class).reload() | changed).isTrue();
    }

    private static void patch(Path file, String diff) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        for (String hunk : diff.substring(diff.indexOf("@@")).split("(?m)^@@.*@@\n")) {
            if (!hunk.isEmpty()) {
                String before = side(hunk, '-');
                assertThat(text).as(file + " holds what the hunk expects").contains(before);
                text = before.isEmpty() ? side(hunk, '+') : text.replace(before, side(hunk, '+'));
            }
        }
        Files.writeString(file, text);
    }

    private static String side(String hunk, char kept) {
        StringBuilder side = new StringBuilder();
        hunk.lines()
                .filter(line -> line.isEmpty() || line.charAt(0) == ' ' || line.charAt(0) == kept)
                .forEach(line ->
                        side.append(line.isEmpty() ? "" : line.substring(1)).append('\n'));
        return side.toString();
    }
}
