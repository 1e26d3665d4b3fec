package dev.mehari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies of the shipped route files, edited as an operator would. */
public final class RoutesFolder {
    private RoutesFolder() {}

    /**
     * Copies all route files into an empty folder.
     *
     * @param edits pairs of a text and what stands in its place
     * @return the setting that makes the gateway load them
     */
    public static String edited(Path folder, String... edits) {
        int changed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("routes"), "*.camel.yaml")) {
            for (Path file : files) {
                String shipped = Files.readString(file);
                String text = shipped;
                for (int i = 0; i < edits.length; i += 2) {
                    text = text.replace(edits[i], edits[i + 1]);
                }
                changed += text.equals(shipped) ? 0 : 1;
                Files.writeString(folder.resolve(file.getFileName()), text);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        if (changed == 0 && edits.length > 0) {
            throw new AssertionError("no shipped route holds: " + edits[0]);
        }
        return "mehari.routes.folder=" + folder;
    }

    /** Breakers that do not open, for tests of single failures that come in long rows. */
    public static String withPatientBreakers(Path folder) {
        return edited(
                folder,
                "slidingWindowSize: 50",
                "slidingWindowSize: 1000",
                "minimumNumberOfCalls: 20",
                "minimumNumberOfCalls: 1000");
    }
}
