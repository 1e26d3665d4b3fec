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
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("routes"), "*.camel.yaml")) {
            for (Path file : files) {
                String text = Files.readString(file);
                for (int i = 0; i < edits.length; i += 2) {
                    text = text.replace(edits[i], edits[i + 1]);
                }
                Files.writeString(folder.resolve(file.getFileName()), text);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return "mehari.routes.folder=" + folder;
    }

    /** Breakers that do not open, for tests of single failures that come in long rows. */
    public static String withPatientBreakers(Path folder) {
        return edited(
                folder,
                "slidingWindowSize: \"50\"",
                "slidingWindowSize: \"1000\"",
                "minimumNumberOfCalls: \"20\"",
                "minimumNumberOfCalls: \"1000\"");
    }
}
