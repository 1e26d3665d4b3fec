package dev.mehari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command line makes of its arguments, without a gateway behind it. */
class MehariCommandTest {
    private final List<String> given = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void helpListsOptionsAndVariables() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--host", "--port", "--config", "--routes", "--version")
                .contains("PORT", "HOST", "MEHARI_API_KEYS", "PROVIDER_NAME", "OPENAI_API_KEY", "SAMBANOVA_API_KEY")
                .contains("ANTHROPIC_API_KEY", "AWS_REGION", "AZURE_OPENAI_ENDPOINT", "DATABASE_URL", "REDIS_URL");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 110);
        assertThat(given).isEmpty();
    }

    @Test
    void versionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString().strip()).matches("Mehari \\d+\\.\\d+\\.\\d+");
    }

    @Test
    void optionsBecomeSettings() throws IOException {
        Path config = Files.createFile(folder.resolve("mine.yaml"));
        assertThat(run(
                        "--host",
                        "0.0.0.0",
                        "--port=9000",
                        "--config",
                        config.toString(),
                        "--routes",
                        folder.toString(),
                        "--mehari.limits.body-size=1MB",
                        "--mehari.models[0].name=x"))
                .isZero();
        assertThat(given)
                .containsExactlyInAnyOrder(
                        "--server.address=0.0.0.0",
                        "--server.port=9000",
                        "--spring.config.additional-location=file:" + config,
                        "--mehari.routes.folder=" + folder,
                        "--mehari.limits.body-size=1MB",
                        "--mehari.models[0].name=x");
    }

    @Test
    void noArgumentsAreFine() {
        assertThat(run()).isZero();
        assertThat(given).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--prot", "--prot=9000", "-x", "serve", "--mehari.limits.body-size"})
    void anUnknownArgumentIsNamed(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port=many", "--port", "--port=", "--config=nowhere.yaml", "--routes=nowhere", "--host"})
    void aValueThatCannotBeIsNamed(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument.replaceFirst("=.*", "")).doesNotContain("\tat ");
    }

    @Test
    void aFailedStartIsOne() {
        int code = new CommandLine(new MehariCommand(arguments -> {
                    throw new IllegalStateException("reported already");
                }))
                .execute();
        assertThat(code).isEqualTo(1);
    }

    private int run(String... arguments) {
        return new CommandLine(new MehariCommand(properties -> given.addAll(List.of(properties))))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
