package dev.mehari.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that a SQLite database is in. Thread-safe. */
final class DatabaseFile {
    private static final Logger log = LoggerFactory.getLogger(DatabaseFile.class);

    private final DatabaseAddress address;
    private final Path path;
    private volatile boolean lost;

    private DatabaseFile(DatabaseAddress address, Path path) {
        this.address = address;
        this.path = path;
    }

    /** Null: that database has none of its own. */
    static @Nullable DatabaseFile of(DatabaseAddress address) {
        String file = address.isSqlite()
                ? address.url().substring("jdbc:sqlite:".length()).replaceFirst("\\?.*", "")
                : "";
        return file.isEmpty() || file.startsWith(":")
                ? null
                : new DatabaseFile(address, Path.of(file).toAbsolutePath());
    }

    /** @throws IllegalStateException it cannot be made */
    void makeFolder() {
        Path folder = path.getParent();
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new IllegalStateException("the folder " + folder + " cannot be made", unwritable);
        }
    }

    /** Looks whether it is gone: SQLite goes on with a file that was deleted or moved, and all that it writes is lost with it. */
    boolean isGone() {
        boolean gone = Files.notExists(path);
        if (gone != lost) {
            lost = gone;
            if (gone) {
                log.error("the file of the database {} is gone: put it back, or start the gateway anew", address);
            } else {
                log.info("the file of the database {} is there again", address);
            }
        }
        return gone;
    }

    /** Whether it was gone when somebody last looked. */
    boolean wasGone() {
        return lost;
    }
}
