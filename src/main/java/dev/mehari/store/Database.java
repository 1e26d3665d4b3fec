package dev.mehari.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.StoreRefused;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.config.StartupException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
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

    /** That it was there so recently is proof enough that it is. */
    private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();

    private final DatabaseAddress address;
    private final Duration timeout;
    private final @Nullable DatabaseFile file;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable HikariDataSource source;
    private volatile boolean away;
    private volatile boolean closed;
    private volatile long awayUntil;
    private volatile long answeredAt = System.nanoTime() - FRESH_NANOS;

    /** @param timeout the longest wait for a connection, and for the database to answer */
    public Database(DatabaseAddress address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
        this.file = DatabaseFile.of(address);
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
        return !away && (file == null || !file.wasGone());
    }

    private void requireFile() {
        if (file != null && source != null && file.isGone()) {
            throw new StoreUnavailable();
        }
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
        if (file != null) {
            file.makeFolder();
        }
        HikariDataSource opened = DatabaseConnections.open(address, timeout);
        log.info("database open: {}", address);
        return opened;
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
