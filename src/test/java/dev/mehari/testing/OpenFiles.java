package dev.mehari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Descriptors that are open, sockets among them; where {@code /proc} tells. */
public final class OpenFiles {
    private OpenFiles() {}

    public static long ofThisProcess() {
        return of("self");
    }

    /** @param process its number, or {@code self} */
    public static long of(String process) {
        try (Stream<Path> files = Files.list(Path.of("/proc", process, "fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
