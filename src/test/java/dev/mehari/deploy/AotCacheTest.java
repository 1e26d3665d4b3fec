package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An AOT cache that does not belong to this JDK and these jars is told of by the JVM, and the gateway starts without. */
class AotCacheTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    @Test
    void oneOfAnotherProgramIsLeftOut() throws Exception {
        Path cache = folder.resolve("other.aot");
        run("-XX:AOTCacheOutput=" + cache, "-m", "jdk.httpserver/sun.net.httpserver.simpleserver.Main", "--version");
        assertThat(cache).isNotEmptyFile();
        startsWith(cache);
    }

    @Test
    void whatIsNoCacheIsLeftOut() throws Exception {
        Path cache = folder.resolve("broken.aot");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(cache))) {
            out.write(new byte[100_000]);
        }
        startsWith(cache);
    }

    @Test
    void oneThatIsNotThereIsLeftOut() throws Exception {
        startsWith(folder.resolve("nowhere.aot"));
    }

    private void startsWith(Path cache) throws Exception {
        String output = run(
                "-XX:AOTCache=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.mehari.Mehari",
                "--version");
        assertThat(output).contains("AOT cache").containsPattern("(?m)^Mehari \\d");
    }

    /** It must end with 0. */
    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
