package dev.mehari.reload;

import dev.mehari.config.RoutesLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Where the route files are: a folder with its sub-folders, else the jar. Immutable; reads anew each time. */
@Component
final class RouteFolder {
    static final String ENDING = ".camel.yaml";

    /** Beyond that it is no route file: the longest that ships has 15 KB. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_LOOKS = 10;

    private final @Nullable Path folder;

    @Autowired
    RouteFolder(Environment environment) {
        String named = environment.getProperty(RoutesLocation.FOLDER);
        this.folder = named == null ? null : Path.of(named);
    }

    /** @param folder null: the jar */
    RouteFolder(@Nullable Path folder) {
        this.folder = folder == null ? null : folder.toAbsolutePath().normalize();
    }

    /** Null when the routes are those in the jar, which nobody edits. */
    @Nullable
    Path path() {
        return folder;
    }

    /**
     * All route files, by name.
     *
     * @throws Refused naming each that cannot be read
     */
    List<RouteFile> read() {
        try {
            return folder == null ? readJar() : readStill(folder);
        } catch (IOException unreadable) {
            throw new Refused(new Problem(String.valueOf(folder), 0, 0, "cannot be read: " + unreadable));
        }
    }

    private static List<RouteFile> readJar() throws IOException {
        List<RouteFile> files = new ArrayList<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:routes/*" + ENDING)) {
            files.add(
                    new RouteFile(String.valueOf(file.getFilename()), file.getContentAsString(StandardCharsets.UTF_8)));
        }
        return files;
    }

    /**
     * A folder as it was at one moment: a file that is renamed while others are read would be missed under both names, and
     * half a file read while it is written.
     */
    private static List<RouteFile> readStill(Path folder) throws IOException {
        for (int i = 1; i < MOST_LOOKS; i++) {
            List<FileStamp> before = stamps(folder);
            try {
                List<RouteFile> files = read(folder);
                if (FileStamp.areSame(before, stamps(folder))) {
                    return files;
                }
            } catch (Refused refused) {
                if (FileStamp.areSame(before, stamps(folder))) {
                    throw refused;
                }
            }
        }
        return read(folder);
    }

    /** What tells this state of the folder from another. */
    static List<FileStamp> stamps(Path folder) throws IOException {
        List<Problem> problems = new ArrayList<>();
        List<FileStamp> stamps = new ArrayList<>();
        for (Path file : list(folder, problems)) {
            FileStamp.of(file).ifPresent(stamps::add);
        }
        problems.forEach(problem -> stamps.add(FileStamp.of(problem)));
        return stamps;
    }

    private static List<RouteFile> read(Path folder) throws IOException {
        List<Problem> problems = new ArrayList<>();
        List<RouteFile> files = new ArrayList<>();
        for (Path path : list(folder, problems)) {
            byte[] bytes;
            try {
                if (Files.size(path) > MOST_BYTES) {
                    problems.add(new Problem(
                            path.toString(),
                            0,
                            0,
                            "is larger than " + MOST_BYTES / 1024 + " KB, too large for routes"));
                    continue;
                }
                bytes = Files.readAllBytes(path);
            } catch (NoSuchFileException gone) {
                // Removed since it was listed.
                continue;
            } catch (IOException unreadable) {
                problems.add(new Problem(name(folder, path), 0, 0, "cannot be read: " + unreadable.getMessage()));
                continue;
            }
            String text = decode(name(folder, path), bytes, problems);
            if (text != null) {
                files.add(new RouteFile(name(folder, path), text));
            }
        }
        if (!problems.isEmpty()) {
            throw new Refused(problems);
        }
        return files;
    }

    /**
     * All route files below a folder, links followed. What begins with a dot is somebody else's: an editor's, git's, or the
     * links behind the links that Kubernetes swaps.
     *
     * @param problems where links in a circle and the like are told
     */
    static List<Path> list(Path folder, List<Problem> problems) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                        return !visited.equals(folder) && isHidden(visited)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        boolean route = file.getFileName().toString().endsWith(ENDING) && !isHidden(file);
                        // A link that leads nowhere comes as itself; one to a file as that file.
                        if (route && attributes.isSymbolicLink()) {
                            problems.add(new Problem(name(folder, file), 0, 0, "is a link that leads nowhere"));
                        } else if (route && attributes.isRegularFile()) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        if (failure instanceof FileSystemLoopException) {
                            problems.add(new Problem(name(folder, file), 0, 0, "is a link in a circle"));
                        } else if (!(failure instanceof NoSuchFileException) && !isHidden(file)) {
                            problems.add(new Problem(name(folder, file), 0, 0, "cannot be read: " + failure));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        files.sort(null);
        return files;
    }

    /** Such as {@code routes/chat.camel.yaml}, wherever that folder is: also those read it who need not know. */
    private static String name(Path folder, Path file) {
        return folder.getFileName() + "/" + folder.relativize(file).toString().replace('\\', '/');
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static @Nullable String decode(String name, byte[] bytes, List<Problem> problems) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            String text = utf8.decode(in).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            // It stops in front of what it cannot read.
            int line = 1;
            int column = 1;
            for (int i = 0; i < in.position(); i++) {
                boolean ends = bytes[i] == '\n';
                line += ends ? 1 : 0;
                column = ends ? 1 : column + 1;
            }
            problems.add(new Problem(name, line, column, "is not UTF-8; save it as UTF-8"));
            return null;
        }
    }
}
