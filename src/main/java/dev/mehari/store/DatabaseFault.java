package dev.mehari.store;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionException;

/**
 * What a failure says about the database. Sources: PostgreSQL 17 manual, appendix A (SQLSTATE); SQLite "Result and Error
 * Codes", whose driver has no SQLSTATE.
 */
enum DatabaseFault {
    /** It cannot be reached or lacks what it needs: others would find it so too. */
    AWAY,
    /** It does not take a value, and would not the next time. */
    REFUSED,
    /** Ours: a statement or a table is wrong. */
    DEFECT;

    static DatabaseFault of(RuntimeException failure) {
        boolean sql = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // No transaction could be begun or ended.
            if (cause instanceof TransactionException) {
                return AWAY;
            }
            if (cause instanceof SQLException exception) {
                DatabaseFault fault = of(exception);
                if (fault != null) {
                    return fault;
                }
                sql = true;
            }
        }
        // A pool's own exceptions have no code: the connection broke.
        return sql ? AWAY : DEFECT;
    }

    private static @Nullable DatabaseFault of(SQLException failure) {
        if (failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException
                || failure instanceof SQLNonTransientConnectionException) {
            return AWAY;
        }
        String state = failure.getSQLState();
        return state == null || state.length() < 2 ? ofSqlite(failure.getErrorCode()) : ofClass(state.substring(0, 2));
    }

    private static DatabaseFault ofClass(String state) {
        return switch (state) {
            // Data exception, constraint, limit of a value or an index.
            case "22", "23", "54" -> REFUSED;
            // Connection; read-only after a failover; rolled back for another; resources, locks, operator, system,
            // inside.
            case "08", "25", "40", "53", "55", "57", "58", "XX" -> AWAY;
            default -> DEFECT;
        };
    }

    private static @Nullable DatabaseFault ofSqlite(int code) {
        return switch (code) {
            case 0 -> null;
            // SQLITE_ERROR, SQLITE_MISUSE
            case 1, 21 -> DEFECT;
            // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE
            case 18, 19, 20, 25 -> REFUSED;
            // Busy, locked, read-only, full, not to be opened, broken …
            default -> AWAY;
        };
    }
}
