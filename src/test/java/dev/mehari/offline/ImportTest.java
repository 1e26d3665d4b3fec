package dev.mehari.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.Mehari;
import dev.mehari.cli.ImportCommand;
import dev.mehari.cli.MehariCommand;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code import}: what it writes is accepted, starts a gateway, and serves. */
class ImportTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path top;

    @ParameterizedTest
    @ValueSource(strings = {"small", "vendors", "balanced", "production"})
    void whatIsWrittenPassesTheCheckWithoutAWarningAndStartsAGateway(String name) {
        Path folder = top.resolve("mine");
        assertThat(litellm(Path.of("src/test/resources/litellm", name, "config.yaml"), "--out", folder.toString()))
                .as(err.toString())
                .isZero();
        // The report names this variable; a default provider without its key is refused.
        try (GatewayProcess check = GatewayProcess.start(folder, Map.of("OPENAI_API_KEY", "its-key"), "check")) {
            assertThat(check.exitCode()).as(check.output()).isZero();
            assertThat(check.output()).contains("all is well: ").doesNotContain("warning");
        }
        try (Gateway gateway = started(folder)) {
            JsonNode groups = ErrorCheck.tree(gateway.get("/stats", "authorization", "Bearer sk-1234")
                            .body())
                    .path("groups");
            assertThat(groups.size())
                    .isEqualTo(
                            name.equals("vendors") ? 27 : name.equals("balanced") ? 4 : name.equals("small") ? 3 : 2);
        }
    }

    @Test
    void weightsLimitsAndFallbacksServeAsTheyDidThere() throws IOException {
        try (ScriptedUpstream first = new ScriptedUpstream();
                ScriptedUpstream second = new ScriptedUpstream()) {
            Path config = Files.writeString(top.resolve("config.yaml"), """
                model_list:
                  - model_name: assistant
                    litellm_params: {model: openai/big, api_base: %s, api_key: key-one}
                  - model_name: spare
                    litellm_params: {model: hosted_vllm/small, api_base: os.environ/NOT_SET_ANYWHERE_BASE}
                  - model_name: other
                    litellm_params: {model: openai/small, api_base: %s, api_key: key-two}
                litellm_settings:
                  fallbacks: [{assistant: [other]}]
                general_settings: {master_key: sk-master}
                """.formatted(first.url(), second.url()));
            Path folder = top.resolve("mine");
            assertThat(litellm(config, "--out", folder.toString())).isZero();
            first.answer(Script.json(503, "{}"));
            second.answer(Script.json(200, Answers.json("from the other")));
            try (Gateway gateway = started(folder)) {
                HttpResponse<String> answer = gateway.chat(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
                        "authorization",
                        "Bearer sk-master");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("from the other");
                assertThat(first.last().header("authorization")).isEqualTo("Bearer key-one");
                assertThat(first.last().json().path("model").asText()).isEqualTo("big");
                assertThat(second.last().header("authorization")).isEqualTo("Bearer key-two");
                assertThat(gateway.get("/v1/models").statusCode()).isEqualTo(401);
            }
        }
    }

    @Test
    void withoutATargetTheSettingsAreTheOutputAndTheRestIsTold() throws IOException {
        Path config = Path.of("src/test/resources/litellm/production/config.yaml");
        assertThat(litellm(config)).isZero();
        assertThat(out.toString())
                .startsWith("# Made of LiteLLM's config.yaml")
                .contains("mehari:\n")
                .doesNotContain("NOT carried over");
        assertThat(err.toString())
                .contains("NOT carried over:\n  line 4, model_list[0].litellm_params.temperature: ")
                .contains("--out FOLDER writes routes/ with a file for each of openai-10-0-0-7-8000, and .env with ");
    }

    @Test
    void secretsGoIntoAFileForTheOwnerAndNothingIsOverwritten() throws IOException {
        Path config = Path.of("src/test/resources/litellm/production/config.yaml");
        assertThat(litellm(config, "--out", top.toString())).isZero();
        Path env = top.resolve(".env");
        assertThat(Files.readString(env)).contains("LITELLM_MASTER_KEY='sk-1234'\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                .isEqualTo("rw-------");
        String before = Files.readString(top.resolve("application.yaml"));
        assertThat(litellm(config, "--out", top.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is there already; nothing was written");
        assertThat(top.resolve("application.yaml")).hasContent(before);
    }

    @Test
    void whatCannotBeReadIsOneLine() throws IOException {
        assertThat(litellm(top.resolve("nowhere.yaml"))).isEqualTo(1);
        Path broken = Files.writeString(top.resolve("broken.yaml"), "model_list:\n  - a\n b: [");
        assertThat(litellm(broken)).isEqualTo(1);
        assertThat(litellm(top)).isEqualTo(1);
        Path other = Files.write(top.resolve("other.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThat(litellm(other)).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(4).noneMatch(line -> line.contains("\tat "));
        assertThat(err.toString())
                .contains("nowhere.yaml: is not there")
                .contains("broken.yaml: line 3, column 2: not valid YAML")
                .contains(top + ": is no file")
                .contains("other.yaml: is not UTF-8");
    }

    @Test
    void wholeNumbersAreWrittenWithoutATag() throws IOException {
        Path config = Files.writeString(top.resolve("config.yaml"), """
                model_list:
                  - model_name: priced
                    litellm_params: {model: openai/gpt-4o, output_cost_per_token: 0.00001}
                """);
        assertThat(litellm(config)).isZero();
        assertThat(out.toString()).contains("output: 10\n").doesNotContain("!!");
    }

    /** In the folder, as a shell would: its settings, its routes, and its .env. */
    private Gateway started(Path folder) {
        List<String> settings = new ArrayList<>();
        settings.add("spring.config.additional-location=file:" + folder + "/");
        settings.add("OPENAI_API_KEY=its-key");
        if (Files.isDirectory(folder.resolve("routes"))) {
            settings.add("mehari.routes.folder=" + folder.resolve("routes"));
        }
        if (Files.exists(folder.resolve(".env"))) {
            try {
                for (String line : Files.readAllLines(folder.resolve(".env"))) {
                    settings.add(line.replace("'", ""));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Gateway.start(settings.toArray(String[]::new));
    }

    private int litellm(Path config, String... others) {
        String[] arguments = new String[others.length + 3];
        arguments[0] = "import";
        arguments[1] = "litellm";
        arguments[2] = config.toString();
        System.arraycopy(others, 0, arguments, 3, others.length);
        return run(arguments);
    }

    private int run(String... arguments) {
        return MehariCommand.line(
                        properties -> {
                            throw new AssertionError("it was started");
                        },
                        new OfflineGateway(Mehari.class))
                .addSubcommand(new ImportCommand(new GatewayImport()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
