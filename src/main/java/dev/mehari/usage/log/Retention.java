package dev.mehari.usage.log;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Forgets what is too old, and the oldest of what is too much; a little at a time. For one thread, but for its size. */
final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final long BETWEEN_NANOS = Duration.ofMinutes(1).toNanos();

    /** Of one go: others want to write too, and rows may hold what was said. */
    private static final int AT_ONCE = 1000;

    private static final long MINUTES_KEPT_SECONDS = Duration.ofDays(2).toSeconds();
    private static final long HOURS_KEPT_SECONDS = Duration.ofDays(400).toSeconds();

    private final Database database;
    private final RequestLogSettings settings;
    private volatile @Nullable LogSize size;
    private long due = System.nanoTime() + BETWEEN_NANOS;

    private record Row(long id, long bytes) {}

    Retention(Database database, RequestLogSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** When it is time again. */
    void clean() {
        boolean looked = size != null;
        if (looked && System.nanoTime() - due < 0) {
            return;
        }
        due = System.nanoTime() + BETWEEN_NANOS;
        try {
            if (!looked) {
                size = database.work(LogSize::of);
                return;
            }
            // When there is more, not so long.
            if (forget() == AT_ONCE) {
                due = System.nanoTime();
            }
        } catch (StoreUnavailable away) {
            log.debug("old rows stay until the database is back");
        }
    }

    /** Tells how many rows have gone, at most so many as go at once. */
    int forget() {
        long nowSeconds = System.currentTimeMillis() / 1000;
        long tooOld = LogIds.first((nowSeconds - settings.ttl().toSeconds()) * 1_000_000);
        return database.work(sql -> {
            sql.sql("delete from request_rollup where (span = 60 and start_at < :minutes)"
                            + " or (span = 3600 and start_at < :hours)")
                    .param("minutes", nowSeconds - MINUTES_KEPT_SECONDS)
                    .param("hours", nowSeconds - HOURS_KEPT_SECONDS)
                    .update();
            return forget(sql, tooOld);
        });
    }

    /** As it was when it was last looked at; null: it was not yet. */
    @Nullable
    LogSize size() {
        return size;
    }

    private int forget(JdbcClient sql, long tooOld) {
        LogSize present = LogSize.of(sql);
        size = present;
        LogSize tooMuch = present.above(settings.maxRows(), settings.maxBytes());
        List<Row> oldest = sql.sql("select id, bytes from request_log order by id limit " + AT_ONCE)
                .query((row, number) -> new Row(row.getLong("id"), row.getLong("bytes")))
                .list();
        int rows = 0;
        long bytes = 0;
        for (Row row : oldest) {
            if (row.id() >= tooOld && rows >= tooMuch.rows() && bytes >= tooMuch.bytes()) {
                break;
            }
            rows++;
            bytes += row.bytes();
        }
        if (rows == 0) {
            if (oldest.isEmpty() && (tooMuch.rows() > 0 || tooMuch.bytes() > 0)) {
                LogSize.recount(sql);
            }
            return 0;
        }
        delete(sql, oldest.get(rows - 1).id());
        return rows;
    }

    /** Another gateway may have deleted some of them meanwhile: only those that this one has counts. */
    private static void delete(JdbcClient sql, long last) {
        List<Long> gone = sql.sql("delete from request_log where id <= :last returning bytes")
                .param("last", last)
                .query(Long.class)
                .list();
        new LogSize(gone.size(), gone.stream().mapToLong(bytes -> bytes).sum()).shrink(sql);
    }
}
