package dev.mehari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One folder of {@code src/test/resources/<protocol>}: {@code client-request.json}, {@code upstream-request.json},
 * {@code upstream-answer[.STATUS].json|sse|bin|html|txt} and {@code client-answer.http} (status, headers of ours, body).
 * Written from the documented wire formats, not captured.
 */
public record GoldenCase(Path folder) {
    /** The cases of one protocol, by name. */
    public static List<GoldenCase> all(String protocol) {
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources", protocol))) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(GoldenCase::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] clientRequest() {
        return bytes(folder.resolve("client-request.json"));
    }

    public Path upstreamRequest() {
        return folder.resolve("upstream-request.json");
    }

    public Path clientAnswer() {
        return folder.resolve("client-answer.http");
    }

    /** False of a request that the gateway refuses itself. */
    public boolean hasUpstreamAnswer() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("upstream-answer"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] upstreamAnswer() {
        return bytes(answerFile());
    }

    public boolean isStream() {
        return answerFile().toString().endsWith(".sse")
                || answerFile().toString().endsWith(".bin");
    }

    public int status() {
        String[] name = answerFile().getFileName().toString().split("\\.");
        return name.length == 3 ? Integer.parseInt(name[1]) : 200;
    }

    public String contentType() {
        String name = answerFile().getFileName().toString();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "sse" -> "text/event-stream";
            case "bin" -> "application/vnd.amazon.eventstream";
            case "html" -> "text/html";
            case "txt" -> "text/plain";
            default -> "application/json";
        };
    }

    /** The provider that served it; that of the protocol's own name where the answer was an error. */
    public String recordedProvider() {
        return text(clientAnswer())
                .lines()
                .filter(line -> line.startsWith("x-mehari-provider: "))
                .findFirst()
                .map(line -> line.substring("x-mehari-provider: ".length()))
                .orElse(folder.getParent().getFileName().toString());
    }

    private Path answerFile() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("upstream-answer"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(folder + " has no upstream-answer"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
