package dev.mehari.usage.log;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets what is too old, and the oldest of what is too much; a little at a time. Belongs to the writer's thread. */
final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final long BETWEEN_NANOS = Duration.ofMinutes(1).toNanos();

    /** Of one go: others want to write too. */
    private static final int AT_ONCE = 5000;

    /** Counting rows reads an index to its end: not each time. */
    private static final int BETWEEN_COUNTS = 10;

    private static final long MINUTES_KEPT_SECONDS = Duration.ofDays(2).toSeconds();
    private static final long HOURS_KEPT_SECONDS = Duration.ofDays(400).toSeconds();

    private final Database database;
    private final RequestLogSettings settings;
    private long due = System.nanoTime() + BETWEEN_NANOS;
    private int cleanings;

    Retention(Database database, RequestLogSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** When it is time again. */
    void clean() {
        if (System.nanoTime() - due < 0) {
            return;
        }
        due = System.nanoTime() + BETWEEN_NANOS;
        try {
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
        long before = Math.max(tooOld, firstToStay());
        return database.work(sql -> {
            sql.sql("delete from request_rollup where (span = 60 and start_at < :minutes)"
                            + " or (span = 3600 and start_at < :hours)")
                    .param("minutes", nowSeconds - MINUTES_KEPT_SECONDS)
                    .param("hours", nowSeconds - HOURS_KEPT_SECONDS)
                    .update();
            return sql.sql("delete from request_log where id in"
                            + " (select id from request_log where id < :before order by id limit :some)")
                    .param("before", before)
                    .param("some", AT_ONCE)
                    .update();
        });
    }

    /** Of as many rows as may stay; 0: there are no more than that. Apart from the deletion, whose lock others wait for. */
    private long firstToStay() {
        if (settings.maxRows() == 0 || cleanings++ % BETWEEN_COUNTS != 0) {
            return 0;
        }
        return database.work(sql -> sql.sql("select id from request_log order by id desc limit 1 offset :most")
                .param("most", settings.maxRows() - 1)
                .query(Long.class)
                .optional()
                .orElse(0L));
    }
}
