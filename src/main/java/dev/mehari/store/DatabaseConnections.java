package dev.mehari.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** How connections to the database are opened, and its tables brought up to date. */
final class DatabaseConnections {
    private static final int POSTGRES_CONNECTIONS = 16;

    /** SQLite has one writer at a time anyway; the others read. */
    private static final int SQLITE_CONNECTIONS = 4;

    private DatabaseConnections() {}

    /**
     * @param timeout the longest wait for a connection, and for the database to answer
     * @throws NewerSchema its tables are a newer version's
     * @throws RuntimeException it cannot be reached, or not be brought up to date
     */
    static HikariDataSource open(DatabaseAddress address, Duration timeout) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setConnectionTimeout(Math.max(250, timeout.toMillis()));
        config.setMinimumIdle(0);
        if (address.isSqlite()) {
            sqlite(config, timeout);
        } else {
            postgres(config, timeout);
        }
        HikariDataSource opened = new HikariDataSource(config);
        try {
            migrate(opened, address);
        } catch (RuntimeException failed) {
            opened.close();
            throw failed;
        }
        return opened;
    }

    private static void sqlite(HikariConfig config, Duration timeout) {
        config.setMaximumPoolSize(SQLITE_CONNECTIONS);
        // Readers do not wait for the writer, and a commit does not wait for the disk: a crash of the machine may lose
        // the last moments, never the file.
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "NORMAL");
        config.addDataSourceProperty("busy_timeout", Long.toString(timeout.toMillis()));
        config.addDataSourceProperty("foreign_keys", "true");
    }

    private static void postgres(HikariConfig config, Duration timeout) {
        config.setMaximumPoolSize(POSTGRES_CONNECTIONS);
        config.addDataSourceProperty("connectTimeout", Long.toString(Math.max(1, timeout.toSeconds())));
        config.addDataSourceProperty("socketTimeout", Long.toString(Math.max(5, timeout.toSeconds())));
        config.addDataSourceProperty("ApplicationName", "mehari");
    }

    private static void migrate(HikariDataSource opened, DatabaseAddress address) {
        Flyway flyway = Flyway.configure()
                .dataSource(opened)
                .locations("classpath:db/migration")
                // By default what a newer version has done is looked over.
                .ignoreMigrationPatterns(new String[0])
                // SQLite finds rows by this one without another index, but only under this name.
                .placeholders(Map.of("bigid", address.isSqlite() ? "integer" : "bigint"))
                .load();
        try {
            flyway.migrate();
        } catch (FlywayValidateException refused) {
            NewerSchema newer = NewerSchema.of(flyway, refused);
            throw newer == null ? refused : newer;
        }
    }
}
