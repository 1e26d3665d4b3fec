package dev.mehari.store;

import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A replica in a process of its own, which storms a deployment and tells how often it was let in. */
final class StormProcess {
    private StormProcess() {}

    static Process start(String url, int requestsPerMinute, int threads, int times, String... options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StormProcess.class.getName()));
        command.addAll(Stream.of(url, requestsPerMinute, threads, times)
                .map(String::valueOf)
                .toList());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static int reserved(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the storm broke off: " + output);
        }
        return Integer.parseInt(
                output.lines().reduce("", (before, last) -> last).strip());
    }

    public static void main(String[] arguments) {
        Limits limits = new Limits(Integer.parseInt(arguments[1]), null, null);
        Duration ample = Duration.ofSeconds(20);
        try (Replica replica = Replica.of(arguments[0], ample)) {
            Eventually.holds(
                    ample,
                    "Redis is there or refused",
                    () -> isDecided(replica.redis().status()));
            int reserved =
                    replica.storm("d", limits, 10, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            if (replica.local().reserved.get() > 0) {
                throw new IllegalStateException(
                        "Redis was away: " + replica.redis().status());
            }
            System.out.println(reserved);
        }
    }

    private static boolean isDecided(RedisStatus status) {
        return status.there() || String.valueOf(status.reason()).contains("subject alternative name");
    }
}
