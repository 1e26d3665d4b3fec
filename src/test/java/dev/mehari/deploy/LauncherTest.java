package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What bin/mehari makes of what it finds, with a JDK and a jar that only tell how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path top;

    private Path home;
    private Path jdk;

    record Ended(int code, String out, String err) {}

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(top.resolve("opt/me hari"));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("bin/mehari"), home.resolve("bin/mehari"));
        assertThat(home.resolve("bin/mehari").toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("mehari.jar"), "the jar");
        Files.writeString(home.resolve("jvm.options"), "-Xmx64m");
        Files.createDirectories(home.resolve("jars"));
        jdk = jdk("jdk-25", "25.0.3");
    }

    @Test
    void argumentsFoldersAndOptionsArriveAsTheyAre() throws Exception {
        Ended ended = run(top, "JAVA_OPTS=-Xmx1g -Da=b", "--port", "80 80", "*");
        assertThat(ended.out().lines())
                .containsExactly(
                        "@" + home.resolve("jvm.options"),
                        "-Xmx1g",
                        "-Da=b",
                        "-jar",
                        home.resolve("mehari.jar").toString(),
                        "--port",
                        "80 80",
                        "*");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aLinkToItWorks() throws Exception {
        Path link = Files.createSymbolicLink(top.resolve("mehari"), home.resolve("bin/mehari"));
        assertThat(run(top, link, "A=b").out())
                .contains(home.resolve("mehari.jar").toString());
    }

    @Test
    void theExitCodeIsTheGateways() throws Exception {
        assertThat(run(top, "EXIT=7").code()).isEqualTo(7);
    }

    @Test
    void aSignalArrivesAtTheGateway() throws Exception {
        Process process = start(top, home.resolve("bin/mehari"), "WAIT=1");
        try (var lines = process.inputReader()) {
            for (String line = lines.readLine(); !"waiting".equals(line); line = lines.readLine()) {
                assertThat(line).as("it waits").isNotNull();
            }
            process.toHandle().destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(15);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void withoutAJdk25ItSaysSoInOneLine() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
        // Machines may have another one where it looks next.
        String text = Files.readString(home.resolve("bin/mehari"))
                .replaceAll("/usr/lib/jvm/\\*|/usr/java/\\*|/opt/java/\\*|/opt/\\*jdk\\*", "/nowhere");
        Files.writeString(home.resolve("bin/mehari"), text);
        Ended ended = run(top, "A=b");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).startsWith("mehari: no JDK 25 found").contains("JAVA_HOME");
    }

    @Test
    void withoutAJarItSaysSoInOneLine() throws Exception {
        Files.delete(home.resolve("mehari.jar"));
        Ended ended = run(top, "A=b");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).contains("no mehari.jar in " + home, "mvn package");
    }

    @Test
    void aTrainedCacheIsUsedUntilTheJarOrTheJdkIsAnother() throws Exception {
        assertThat(run(top, "A=b", "train").out()).contains("-XX:AOTCacheOutput=" + home.resolve("mehari.aot"));
        Files.writeString(home.resolve("mehari.aot"), "the cache");
        String use = "-XX:AOTCache=" + home.resolve("mehari.aot");
        Ended fits = run(top, "A=b");
        assertThat(fits.out()).contains(use);
        assertThat(fits.err()).isEmpty();

        Files.writeString(home.resolve("mehari.jar"), "another");
        leftOut(use);
        Files.writeString(home.resolve("mehari.jar"), "the jar");
        assertThat(run(top, "A=b").out()).contains(use);
        release(jdk, "25.0.4");
        leftOut(use);
    }

    private void leftOut(String use) throws Exception {
        Ended ended = run(top, "A=b");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).doesNotContain(use).contains("-jar");
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).contains("of another JDK or jar and is left out", "mehari train");
    }

    @Test
    void jarsInLibOfTheWorkingFolderStandBehindTheJar() throws Exception {
        Path work = Files.createDirectories(top.resolve("work/lib")).getParent();
        Files.createFile(work.resolve("lib/camel-kafka.jar"));
        assertThat(run(work, "A=b").out().lines())
                .containsExactly(
                        "@" + home.resolve("jvm.options"),
                        "-cp",
                        home.resolve("mehari.jar") + ":lib/*",
                        "dev.mehari.Mehari");
    }

    /** A java that tells its arguments line by line, and ends as its variables say. */
    private Path jdk(String name, String version) throws IOException {
        Path made = Files.createDirectories(top.resolve(name + "/bin")).getParent();
        Path java = Files.writeString(made.resolve("bin/java"), """
                #!/bin/sh
                for argument; do echo "$argument"; done
                [ -z "${WAIT:-}" ] || { trap 'exit 15' TERM; echo waiting; while :; do sleep 0.05; done; }
                exit "${EXIT:-0}"
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        release(made, version);
        return made;
    }

    private static void release(Path jdk, String version) throws IOException {
        Files.writeString(
                jdk.resolve("release"),
                "JAVA_RUNTIME_VERSION=\"" + version + "+9\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private Ended run(Path folder, String variable, String... arguments) throws Exception {
        return run(folder, home.resolve("bin/mehari"), variable, arguments);
    }

    private Ended run(Path folder, Path launcher, String variable, String... arguments) throws Exception {
        Process process = start(folder, launcher, variable, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, err);
    }

    private Process start(Path folder, Path launcher, String variable, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        int equals = variable.indexOf('=');
        builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}
