package dev.mehari.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.Mehari;
import dev.mehari.cli.MehariCommand;
import dev.mehari.testing.GatewayProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands besides running. */
class OfflineGatewayTest {
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path top;

    @Test
    void whatInitWritesPassesTheCheckAndIsNotOverwritten() throws IOException {
        Path folder = top.resolve("mine");
        assertThat(run("init", folder.toString())).isZero();
        assertThat(folder.resolve("application.yaml")).hasSameTextualContentAs(Path.of("application.yaml"));
        assertThat(folder.resolve("routes/chat.camel.yaml")).hasSameTextualContentAs(Path.of("routes/chat.camel.yaml"));
        assertThat(run("check", folder.toString())).isZero();
        assertThat(out.toString()).contains("all is well: ");
        Files.writeString(folder.resolve("routes/chat.camel.yaml"), "mine");
        assertThat(run("init", folder.toString())).isEqualTo(1);
        assertThat(folder.resolve("routes/chat.camel.yaml")).hasContent("mine");
        assertThat(out.toString()).contains("is there already; nothing was written");
    }

    @Test
    void everyMistakeOfTheRoutesIsALineAndEndsWithOne() throws IOException {
        run("init", top.toString());
        Files.writeString(top.resolve("routes/mine.camel.yaml"), "- route:\n    idd: mine\n");
        Files.writeString(top.resolve("routes/other.camel.yaml"), "- rout:\n    id: other\n");
        assertThat(run("check", top.toString())).isEqualTo(1);
        assertThat(out.toString().lines())
                .contains(
                        "routes/mine.camel.yaml, line 2, column 5: \"route\" has no option \"idd\"",
                        "routes/other.camel.yaml, line 1, column 3: there is no step \"rout\"");
    }

    @Test
    void aMistakeInTheSettingsIsToldWithItsPlace() throws IOException {
        Files.writeString(top.resolve("application.yaml"), "mehari:\n  limits:\n    concurrent-calls: many\n");
        assertThat(run("check", top.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("application.yaml, line 3, column 23: mehari.limits.concurrent-calls is");
    }

    @Test
    void brokenYamlAndUnknownProvidersAreToldAndUnknownSettingsWarnedOf() throws IOException {
        Files.writeString(top.resolve("application.yaml"), "mehari:\n  a: 1\n b: [\n");
        assertThat(run("check", top.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("application.yaml, line 3, column 2: not valid YAML");
        Files.writeString(
                top.resolve("application.yaml"),
                "mehari:\n  limitz: {a: 1}\n  models:\n    - name: m\n      deployments: [{provider: nobody}]\n");
        assertThat(run("check", top.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("application.yaml, line 5: model group \"m\" names provider \"nobody\"");
        Files.writeString(top.resolve("application.yaml"), "mehari:\n  limitz: {a: 1}\n");
        assertThat(run("check", top.toString())).isZero();
        assertThat(out.toString()).contains("warning: the setting mehari.limitz.a");
    }

    @Test
    void brokenYamlIsOneLineOnTheShell() throws IOException {
        Files.writeString(top.resolve("application.yaml"), "mehari:\n  a: 1\n b: [\n");
        try (GatewayProcess command = GatewayProcess.start(top, Map.of(), "check")) {
            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.output().lines())
                    .singleElement()
                    .asString()
                    .startsWith("application.yaml, line 3, column 2: not valid YAML");
        }
    }

    @Test
    void routesShowsEachRouteWithItsStepsAndItsPlace() {
        assertThat(run("routes", top.toString())).isZero();
        assertThat(out.toString())
                .contains("chat.camel.yaml\n  chat  ◄ direct:chat  — One call, from its door to its answer\n")
                .contains("    │ readCall  — Read the request once\n")
                .contains("    ► direct:attempts  — Find who serves it, and try until one answers\n")
                .contains("    │ circuitBreaker  — Leave it alone while it is ill\n    │   ► direct:protocol-openai");
        assertThat(run("routes", "--mermaid", top.toString())).isZero();
        assertThat(out.toString()).contains("flowchart LR", "  chat --> attempts\n", "chat_door --> chat\n");
    }

    @Test
    void whatIsNotThereEndsWithTwo() {
        assertThat(run("check", top.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(run("check", "--nope")).isEqualTo(2);
    }

    private int run(String... arguments) {
        return MehariCommand.line(
                        properties -> {
                            throw new AssertionError("it was started");
                        },
                        new OfflineGateway(Mehari.class))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }
}
