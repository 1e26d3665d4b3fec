package dev.mehari.store;

import dev.mehari.config.StartupException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells why a database could not be opened from one that is only away, which comes back by itself. */
final class Hopeless {
    private Hopeless() {}

    /** @return null: it may be there the next time */
    static @Nullable StartupException of(DatabaseAddress address, RuntimeException failure) {
        Throwable deepest = failure;
        String state = "";
        int code = 0;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NewerSchema) {
                return new StartupException(
                        "the database " + address + " is newer: " + cause.getMessage(),
                        "Run the newer version, restore a back-up of before the upgrade, or set DATABASE_URL to another.");
            }
            if (cause instanceof SQLException sql) {
                state = sql.getSQLState() == null ? state : sql.getSQLState();
                code = sql.getErrorCode() == 0 ? code : sql.getErrorCode();
            }
            deepest = cause;
        }
        String why = "the database " + address + " of DATABASE_URL cannot be used: "
                + String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
        if (address.isSqlite()) {
            return isBusy(code) ? null : new StartupException(why, "Name a file in a folder that can be written.");
        }
        // PostgreSQL 17, appendix A: invalid authorization, no such database, no privilege.
        boolean refused = state.startsWith("28") || state.equals("3D000") || state.equals("42501");
        return refused ? new StartupException(why, "Correct user, password and database, or their rights.") : null;
    }

    /** SQLITE_BUSY and SQLITE_LOCKED, with or without the bits that say more. */
    private static boolean isBusy(int code) {
        return (code & 0xff) == 5 || (code & 0xff) == 6;
    }
}
