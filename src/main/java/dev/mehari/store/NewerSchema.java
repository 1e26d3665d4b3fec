package dev.mehari.store;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/** The database was brought up to date by a newer Mehari: its tables may be others than ours. */
final class NewerSchema extends RuntimeException {
    private NewerSchema(String theirs, String ours, Throwable cause) {
        super("its schema has the version " + theirs + ", and this Mehari knows versions up to " + ours, cause);
    }

    /** @return null: that is not why */
    static @Nullable NewerSchema of(Flyway flyway, RuntimeException refusal) {
        String theirs = null;
        String ours = "";
        for (MigrationInfo step : flyway.info().all()) {
            if (step.getState() == MigrationState.FUTURE_SUCCESS || step.getState() == MigrationState.FUTURE_FAILED) {
                theirs = String.valueOf(step.getVersion());
            } else {
                ours = String.valueOf(step.getVersion());
            }
        }
        return theirs == null ? null : new NewerSchema(theirs, ours, refusal);
    }
}
