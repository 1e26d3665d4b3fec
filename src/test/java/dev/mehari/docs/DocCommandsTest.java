package dev.mehari.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.DocFile;
import dev.mehari.testing.DocFile.Fence;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of the documentation, in a real shell with a real gateway, page by page: all blocks {@code bash run} of a page
 * run in one folder, one after the other, and each prints the lines of the block {@code text expect} that follows it.
 * Providers are played by a local server; {@code java -jar …} is the gateway of this build.
 */
class DocCommandsTest {
    private static final String HELLO = "Hello there";

    @TempDir
    private Path folder;

    static Stream<DocFile> pages() {
        return DocFile.all().stream().filter(page -> page.fences().stream()
                .anyMatch(fence -> fence.info().equals("bash run")));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void doWhatThePageSays(DocFile page) throws Exception {
        Assumptions.assumeTrue(isThere("bash") && isThere("curl"), "bash or curl is not installed");
        List<Fence> commands = new ArrayList<>();
        List<List<String>> expected = new ArrayList<>();
        for (Fence fence : page.fences()) {
            if (fence.info().equals("bash run")) {
                commands.add(fence);
                expected.add(List.of());
            } else if (fence.info().equals("text expect")) {
                expected.set(expected.size() - 1, fence.text().lines().toList());
            }
        }
        List<String> printed = run(commands);
        for (int i = 0; i < commands.size(); i++) {
            String output = i < printed.size() ? printed.get(i) : "";
            for (String line : expected.get(i)) {
                long wanted = expected.get(i).stream().filter(line::equals).count();
                assertThat(count(output, line.strip()))
                        .as("\"%s\" in what %s printed:%n%s%n%s", line, commands.get(i), output, log())
                        .isGreaterThanOrEqualTo(wanted);
            }
        }
    }

    private static boolean isThere(String command) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(at -> Files.isExecutable(Path.of(at, command)));
    }

    private static long count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    /** What each block printed. */
    private List<String> run(List<Fence> commands) throws IOException, InterruptedException {
        int port = freePort();
        StringBuilder script = new StringBuilder("trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\nset -e\n");
        for (Fence block : commands) {
            script.append("printf '@@next@@'\n").append(block.text().replace("8080", Integer.toString(port)));
        }
        Path file = Files.writeString(folder.resolve("page.sh"), script);
        Path output = folder.resolve("page.out");
        try (ScriptedUpstream upstream = new ScriptedUpstream().answer(DocCommandsTest::answer)) {
            ProcessBuilder shell = new ProcessBuilder("bash", file.toString())
                    .directory(Files.createDirectory(folder.resolve("work")).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            shell.environment().clear();
            shell.environment().putAll(environment(port, upstream));
            Process process = shell.start();
            try {
                process.getOutputStream().close();
                assertThat(process.waitFor(180, TimeUnit.SECONDS))
                        .as(() -> "it ended in time: " + read(output))
                        .isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String all = read(output);
            assertThat(process.exitValue()).as(() -> all + "\n" + log()).isZero();
            return List.of(all.split("@@next@@", -1)).subList(1, commands.size() + 1);
        }
    }

    private Map<String, String> environment(int port, ScriptedUpstream upstream) throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path arguments = Files.writeString(
                folder.resolve("java.args"),
                "-XX:TieredStopAtLevel=1\n--enable-native-access=ALL-UNNAMED\n-cp\n\""
                        + System.getProperty("java.class.path") + "\"\ndev.mehari.Mehari\n");
        Path java = Files.writeString(
                bin.resolve("java"),
                "#!/bin/sh\nshift 2\nexec " + Path.of(System.getProperty("java.home"), "bin", "java") + " @" + arguments
                        + " \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return Map.ofEntries(
                Map.entry("PATH", bin + ":" + System.getenv("PATH")),
                Map.entry("PORT", Integer.toString(port)),
                Map.entry("OPENAI_BASE_URL", upstream.url()),
                Map.entry("SAMBANOVA_BASE_URL", upstream.url()),
                Map.entry("GROQ_BASE_URL", upstream.url()),
                Map.entry("ANTHROPIC_BASE_URL", upstream.address()),
                Map.entry("AZURE_API_BASE", upstream.address()),
                Map.entry("AWS_ENDPOINT_URL", upstream.address()),
                Map.entry("LANGFUSE_BASE_URL", upstream.address()));
    }

    /** As each vendor would. */
    private static Script answer(ScriptedUpstream.Request request) {
        String path = request.path();
        if (path.contains("/agents/")) {
            String bytes = Base64.getEncoder().encodeToString(HELLO.getBytes(StandardCharsets.UTF_8));
            return EventFrames.stream("event chunk {\"bytes\":\"" + bytes + "\"}");
        }
        if (path.endsWith("/messages")) {
            return Script.json(
                    200,
                    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-haiku-4-5\","
                            + "\"content\":[{\"type\":\"text\",\"text\":\"" + HELLO
                            + "\"}],\"stop_reason\":\"end_turn\","
                            + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":3}}");
        }
        if (path.contains("/chat/completions")) {
            return request.json().path("stream").asBoolean()
                    ? Script.events(Answers.stream("Hello", " there"))
                    : Script.json(200, Answers.json(HELLO));
        }
        if (path.contains("/api/public/")) {
            return Script.json(200, "{}");
        }
        return Script.json(404, Answers.error("there is no " + path, "invalid_request_error", null));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String log() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().equals("mehari.log"))
                    .map(DocCommandsTest::read)
                    .reduce("", String::concat);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
