package dev.mehari.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param key the file behind the name, which a rename or a swapped link changes
 * @param content of a file so young that its time may not tell two writes apart; else 0
 */
record FileStamp(String name, @Nullable Object key, long modifiedMillis, long size, long content) {
    /** File systems count time in steps of up to two seconds. */
    private static final long YOUNG_MILLIS = 3000;

    /** Empty when it is not there any more. */
    static Optional<FileStamp> of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            long modified = attributes.lastModifiedTime().toMillis();
            boolean young = System.currentTimeMillis() - modified < YOUNG_MILLIS;
            return Optional.of(new FileStamp(
                    file.toString(),
                    attributes.fileKey(),
                    modified,
                    attributes.size(),
                    young && attributes.size() <= RouteFolder.MOST_BYTES ? checksum(file) : 0));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static FileStamp of(Problem problem) {
        return new FileStamp(problem.text(), null, 0, 0, 0);
    }

    private static long checksum(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(Files.readAllBytes(file));
        return checksum.getValue();
    }

    /** Whether it is the same state; a file that is no longer young has no checksum any more. */
    boolean isSameAs(FileStamp other) {
        boolean sameContent = content == other.content || content == 0 || other.content == 0;
        return name.equals(other.name)
                && Objects.equals(key, other.key)
                && modifiedMillis == other.modifiedMillis
                && size == other.size
                && sameContent;
    }

    /** Whether two looks, in the same order, saw the same. */
    static boolean areSame(List<FileStamp> some, List<FileStamp> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).isSameAs(others.get(i))) {
                return false;
            }
        }
        return true;
    }
}
