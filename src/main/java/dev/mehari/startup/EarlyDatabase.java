package dev.mehari.startup;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.StartupException;
import dev.mehari.reload.FolderCheck;
import dev.mehari.store.Database;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Opens the database and brings it up to date while the rest of the gateway starts. Only where each call is written down
 * there: what else needs it opens it with its first use.
 */
@Component
@ConditionalOnProperty(name = FolderCheck.OFFLINE, havingValue = "false", matchIfMissing = true)
final class EarlyDatabase {
    private final FutureTask<Boolean> opening;

    EarlyDatabase(Database database, MehariSettings settings) {
        boolean needed = settings.requestLog().enabled();
        this.opening = new FutureTask<>(() -> {
            if (needed) {
                database.openAtStart();
            }
            return needed;
        });
        Thread.ofVirtual().name("open-database").start(opening);
    }

    /**
     * Returns when it is open, or is away and will be looked for again.
     *
     * @throws StartupException it is wrong and stays so until an operator does something about it
     */
    void await() {
        try {
            opening.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }
}
