package dev.mehari.store;

import dev.mehari.access.CallerLedger.Claim;
import dev.mehari.access.Quota;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A replica in a process of its own, which calls with one key as often as it can and tells how often it was let in. */
final class CallerStorm {
    private CallerStorm() {}

    /** @param settles whether its calls end; else it holds what it has reserved until it is killed */
    static Process start(String url, Claim claim, int threads, int times, boolean settles) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CallerStorm.class.getName(), url));
        command.addAll(Stream.of(
                        claim.quota().requestsPerMinute(),
                        claim.quota().tokensPerMinute(),
                        claim.quota().concurrentCalls(),
                        claim.purses().isEmpty()
                                ? null
                                : claim.purses().getFirst().limit(),
                        claim.tokens(),
                        claim.nanos(),
                        claim.lease().toMillis(),
                        threads,
                        times,
                        settles)
                .map(value -> value == null ? "-" : value.toString())
                .toList());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static int admitted(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the storm broke off: " + output);
        }
        return Integer.parseInt(
                output.lines().reduce("", (before, last) -> last).strip());
    }

    public static void main(String[] arguments) throws InterruptedException {
        Long budget = number(arguments[4]);
        Claim claim = CallerReplica.claim(
                new Quota(whole(arguments[1]), number(arguments[2]), whole(arguments[3])),
                budget,
                Long.parseLong(arguments[5]),
                Long.parseLong(arguments[6]),
                Duration.ofMillis(Long.parseLong(arguments[7])));
        boolean settles = Boolean.parseBoolean(arguments[10]);
        try (CallerReplica replica = CallerReplica.of(arguments[0])) {
            int admitted =
                    replica.storm(claim, Integer.parseInt(arguments[8]), Integer.parseInt(arguments[9]), settles);
            if (replica.redis().status().losses() > 0) {
                throw new IllegalStateException(
                        "Redis was away: " + replica.redis().status());
            }
            System.out.println(admitted);
            System.out.flush();
            if (!settles) {
                // Calls under way, until somebody kills this.
                Thread.currentThread().join();
            }
        }
    }

    private static @Nullable Long number(String text) {
        return text.equals("-") ? null : (Long) Long.parseLong(text);
    }

    private static @Nullable Integer whole(String text) {
        return text.equals("-") ? null : (Integer) Integer.parseInt(text);
    }
}
