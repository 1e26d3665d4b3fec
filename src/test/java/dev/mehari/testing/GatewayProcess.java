package dev.mehari.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway as a process of its own in a folder of its own, with an environment that holds only what is given. */
public final class GatewayProcess implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("Mehari listens on \\S+:(\\d+);");

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private GatewayProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    public static GatewayProcess start(Path folder, Map<String, String> environment, String... arguments) {
        return start(List.of(), folder, environment, arguments);
    }

    /** @param host a command that runs what follows it on another host, as {@code ip netns exec} does; empty: this one */
    public static GatewayProcess start(
            List<String> host, Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(host);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A short life: compiling well does not pay.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.mehari.Mehari"));
        command.addAll(List.of(arguments));
        return launch(command, folder, environment);
    }

    /** Starts it as operators do, for a long life: with {@code deploy/jvm.options} and further options of the JVM. */
    public static GatewayProcess startTuned(
            Path folder, Map<String, String> environment, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("deploy/jvm.options").toAbsolutePath()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.mehari.Mehari"));
        command.addAll(List.of(arguments));
        return launch(command, folder, environment);
    }

    private static GatewayProcess launch(List<String> command, Path folder, Map<String, String> environment) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new GatewayProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                Matcher listens = LISTENS.matcher(line);
                if (listens.find()) {
                    port.complete(Integer.parseInt(listens.group(1)));
                }
            }
        } catch (IOException closed) {
            // The process is gone.
        }
        port.completeExceptionally(new AssertionError("it ended before it listened:\n" + output));
    }

    /** Waits until it listens. */
    public int port() {
        try {
            return port.get(60, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException failed) {
            throw new AssertionError("the gateway did not start:\n" + output, failed);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Waits until it has ended, and gives its exit code. */
    public int exitCode() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the gateway did not end:\n" + output);
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** All it has printed so far. */
    public String output() {
        return output.toString();
    }

    /** Asks it to stop, as a service manager does. */
    public void terminate() {
        // By its handle: Process.destroy closes the pipe too, and what is said while stopping would be lost.
        process.toHandle().destroy();
    }

    public String get(String path) {
        return ask(path).body();
    }

    /** The status that it answers a GET with. */
    public int status(String path) {
        return ask(path).statusCode();
    }

    private HttpResponse<String> ask(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
