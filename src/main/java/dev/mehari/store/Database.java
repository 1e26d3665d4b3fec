package dev.mehari.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.StoreRefused;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.config.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one SQL database: SQLite by default, PostgreSQL when replicas share it. Opened and brought up to date on first use,
 * so that a gateway that keeps nothing starts none. Work blocks and belongs on virtual threads. Thread-safe.
 *
 * <p>A database that does not answer is left alone for a second at a time: who needs it meanwhile gets
 * {@link StoreUnavailable} at once instead of waiting in line. One that answers and does not take what it is given is not
 * away: nobody's request may close it to the others.
 */
public final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final long AWAY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int POSTGRES_CONNECTIONS = 16;

    /** That it was there so recently is proof enough that it is. */
    private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();

    /** SQLite has one writer at a time anyway; the others read. */
    private static final int SQLITE_CONNECTIONS = 4;

    private final DatabaseAddress address;
    private final Duration timeout;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable HikariDataSource source;
    private volatile boolean away;
    private volatile boolean closed;
    private volatile boolean lostFile;
    private volatile long awayUntil;
    private volatile long answeredAt = System.nanoTime() - FRESH_NANOS;

    /** @param timeout the longest wait for a connection, and for the database to answer */
    public Database(DatabaseAddress address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
    }

    /**
     * Does some work in it, in one transaction.
     *
     * @throws StoreUnavailable it cannot be reached, or fails: then nothing of the work is done
     * @throws StoreRefused it does not take a value, and would not the next time: likewise
     */
    public <T extends @Nullable Object> T work(Function<JdbcClient, T> work) {
        return inTransaction(open -> work.apply(JdbcClient.create(open)));
    }

    /**
     * Writes a lot at once, in one transaction, without a name for each parameter.
     *
     * @throws StoreUnavailable it cannot be reached, or fails: then nothing of the work is done
     * @throws StoreRefused it does not take a value, and would not the next time: likewise
     */
    public void batch(Consumer<JdbcTemplate> work) {
        requireFile();
        inTransaction(open -> {
            work.accept(new JdbcTemplate(open));
            return true;
        });
    }

    private <T extends @Nullable Object> T inTransaction(Function<HikariDataSource, T> work) {
        if (away && System.nanoTime() - awayUntil < 0) {
            throw new StoreUnavailable();
        }
        try {
            HikariDataSource open = open();
            T result = new TransactionTemplate(new JdbcTransactionManager(open)).execute(status -> work.apply(open));
            back();
            return result;
        } catch (StoreUnavailable known) {
            throw known;
        } catch (RuntimeException failure) {
            throw told(failure);
        }
    }

    private GatewayException told(RuntimeException failure) {
        // Before it was ever open nothing of a request has reached it.
        switch (source == null ? DatabaseFault.AWAY : DatabaseFault.of(failure)) {
            case AWAY -> lost(failure);
            case REFUSED -> {
                back();
                // Its other lines hold what the client has sent.
                String first = reason(failure).lines().findFirst().orElse("");
                log.warn("the database {} does not take what it was given: {}", address, first);
                return new StoreRefused();
            }
            case DEFECT -> log.error("the database {} could not do its work", address, failure);
        }
        return new StoreUnavailable();
    }

    /**
     * Returns when it answers, or has just now.
     *
     * @throws StoreUnavailable it cannot be reached
     */
    public void require() {
        if (away || System.nanoTime() - answeredAt > FRESH_NANOS) {
            work(sql -> sql.sql("select 1").query(Integer.class).single());
        }
    }

    /** Whether it did what it was last asked; also before it is asked anything. */
    public boolean isThere() {
        return !away && !lostFile;
    }

    /** SQLite goes on with a file that was deleted or moved, and all that it writes is lost with it. */
    private void requireFile() {
        Path file = source == null ? null : file();
        boolean lost = file != null && Files.notExists(file);
        if (lost != lostFile) {
            lostFile = lost;
            if (lost) {
                log.error("the file of the database {} is gone: put it back, or start the gateway anew", address);
            } else {
                log.info("the file of the database {} is there again", address);
            }
        }
        if (lost) {
            throw new StoreUnavailable();
        }
    }

    /** SQLite's; null: it has none. */
    private @Nullable Path file() {
        String file = address.isSqlite()
                ? address.url().substring("jdbc:sqlite:".length()).replaceFirst("\\?.*", "")
                : "";
        return file.isEmpty() || file.startsWith(":") ? null : Path.of(file).toAbsolutePath();
    }

    /** Else it is PostgreSQL. */
    public boolean isSqlite() {
        return address.isSqlite();
    }

    /**
     * Opens it for a start, which should fail where the first call would. One that is away is not waited for.
     *
     * @throws StartupException it cannot be used and will not come back by itself: no such folder, refused credentials, a
     *     schema of a newer version
     */
    public void openAtStart() {
        try {
            open();
        } catch (RuntimeException failure) {
            StartupException hopeless = Hopeless.of(address, failure);
            if (hopeless != null) {
                // Said once: whoever still wants to write while all is taken down need not say it again.
                closed = true;
                throw hopeless;
            }
            lost(failure);
        }
    }

    private HikariDataSource open() {
        HikariDataSource known = source;
        if (known != null) {
            return known;
        }
        opening.lock();
        try {
            HikariDataSource other = source;
            if (other == null && away && System.nanoTime() - awayUntil < 0) {
                // Whoever was before us in line has just tried.
                throw new StoreUnavailable();
            }
            return other == null ? source = connect() : other;
        } finally {
            opening.unlock();
        }
    }

    private HikariDataSource connect() {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setConnectionTimeout(Math.max(250, timeout.toMillis()));
        config.setMinimumIdle(0);
        if (address.isSqlite()) {
            makeFolder();
            config.setMaximumPoolSize(SQLITE_CONNECTIONS);
            // Readers do not wait for the writer, and a commit does not wait for the disk: a crash of the machine may
            // lose the last moments, never the file.
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "NORMAL");
            config.addDataSourceProperty("busy_timeout", Long.toString(timeout.toMillis()));
            config.addDataSourceProperty("foreign_keys", "true");
        } else {
            config.setMaximumPoolSize(POSTGRES_CONNECTIONS);
            String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
            config.addDataSourceProperty("connectTimeout", seconds);
            config.addDataSourceProperty("socketTimeout", Long.toString(Math.max(5, timeout.toSeconds())));
            config.addDataSourceProperty("ApplicationName", "mehari");
        }
        HikariDataSource opened = new HikariDataSource(config);
        try {
            migrate(opened);
        } catch (RuntimeException failed) {
            opened.close();
            throw failed;
        }
        log.info("database open: {}", address);
        return opened;
    }

    private void migrate(HikariDataSource opened) {
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

    private void makeFolder() {
        Path file = file();
        Path folder = file == null ? null : file.getParent();
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new IllegalStateException("the folder " + folder + " cannot be made", unwritable);
        }
    }

    private void back() {
        answeredAt = System.nanoTime();
        if (away) {
            away = false;
            log.info("the database is back: {}", address);
        }
    }

    private void lost(RuntimeException failure) {
        awayUntil = System.nanoTime() + AWAY_NANOS;
        if (!away && !closed) {
            away = true;
            log.error(
                    "the database {} does not answer; what needs it gets 503 until it does: {}",
                    address,
                    reason(failure));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    @Override
    public void close() {
        closed = true;
        HikariDataSource open = source;
        if (open != null) {
            open.close();
        }
    }
}
