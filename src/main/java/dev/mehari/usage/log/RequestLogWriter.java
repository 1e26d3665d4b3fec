package dev.mehari.usage.log;

import dev.mehari.chat.GatewayException.StoreRefused;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.RequestFacts;
import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import dev.mehari.usage.CallContent;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ContentRoom;
import dev.mehari.usage.ContentText;
import dev.mehari.usage.ModelNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a row for each call, in batches, on one thread of its own (a platform one: SQLite works in native code, where a
 * virtual thread would hold its carrier). Calls never wait for it: what does not fit into its queue is dropped and counted,
 * and so is a batch that the database has not taken for a minute, or a row that it refuses. Thread-safe.
 */
public final class RequestLogWriter implements CallObserver, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RequestLogWriter.class);

    private static final int BATCH = 1000;

    /** With what was said a thousand rows may be a hundred megabytes. */
    private static final long MOST_BATCH_BYTES = 16L * 1024 * 1024;

    private static final long GATHER_NANOS = Duration.ofMillis(200).toNanos();
    private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long ROLLUP_NANOS = Duration.ofSeconds(5).toNanos();

    private final Database database;
    private final int room;
    private final @Nullable String environment;
    private final @Nullable ContentText content;
    private final Rollups rollups;
    private final Retention retention;
    private final LogIds ids = new LogIds();
    private final Queue<CallRecord> queue = new ConcurrentLinkedQueue<>();
    private final ContentRoom said = new ContentRoom();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closing;
    private volatile boolean there = true;
    private long rollupsDue;

    /**
     * Starts its thread.
     *
     * @param environment named in each row
     * @param content makes bodies fit to be kept; null: none are
     */
    public RequestLogWriter(
            Database database,
            RequestLogSettings settings,
            @Nullable String environment,
            @Nullable ContentText content,
            ModelNames models) {
        this.database = database;
        this.room = settings.queue();
        this.environment = environment;
        this.content = content;
        this.rollups = new Rollups(UUID.randomUUID().toString(), models);
        this.retention = new Retention(database, settings);
        this.thread = Thread.ofPlatform().name("request-log").daemon().start(this::run);
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        int before = waiting.getAndIncrement();
        if (before >= room || closing) {
            waiting.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(content == null ? call.withoutContent() : said.enter(call));
        // Once a batch: while it gathers one, or writes, it needs no call.
        if (idle || before == BATCH) {
            LockSupport.unpark(thread);
        }
    }

    public RequestLogStatus status() {
        return new RequestLogStatus(waiting.get(), written.sum(), dropped.sum(), there, retention.size());
    }

    private void run() {
        List<LogRow> batch = new ArrayList<>(BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                gather();
                fill(batch);
                if (!batch.isEmpty()) {
                    write(batch);
                }
                writeRollups(closing);
                retention.clean();
            } catch (RuntimeException | Error defect) {
                // Errors too: PostgreSQL's driver throws an AssertionError when it is cut off amid a batch.
                log.error("the request log has lost {} rows", batch.size(), defect);
                dropped.add(batch.size());
            }
            waiting.addAndGet(-batch.size());
            batch.clear();
        }
        writeRollups(true);
    }

    /** Waits for calls, and a moment more for others to come. */
    private void gather() {
        idle = true;
        if (queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
        idle = false;
        if (waiting.get() < BATCH && !queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void fill(List<LogRow> batch) {
        long bytes = 0;
        while (batch.size() < BATCH && bytes < MOST_BATCH_BYTES) {
            CallRecord call = queue.poll();
            if (call == null) {
                return;
            }
            LogRow row = row(call);
            bytes += row.bytes();
            batch.add(row);
        }
    }

    private LogRow row(CallRecord call) {
        long endedMicros = call.received().toEpochMilli() * 1000
                + call.received().getNano() / 1000 % 1000
                + call.times().total() / 1000;
        rollups.add(call, endedMicros / 1_000_000);
        said.leave(call);
        CallContent body = call.content();
        long id = ids.next(endedMicros);
        return content == null || body == null
                ? LogRow.of(id, call, environment, null, null)
                : LogRow.of(
                        id,
                        call,
                        environment,
                        content.of(body.request(), body.requestBytes()),
                        content.of(body.response(), body.responseBytes()));
    }

    private void write(List<LogRow> batch) {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        try {
            write(batch, giveUp);
        } catch (StoreRefused oneOfThem) {
            batch.forEach(row -> writeAlone(row, giveUp));
        }
    }

    private void writeAlone(LogRow row, long giveUp) {
        try {
            write(List.of(row), giveUp);
        } catch (StoreRefused never) {
            dropped.increment();
            log.error(
                    "the database does not take the request log's row of [{}]",
                    row.call().requestId());
        }
    }

    private void write(List<LogRow> batch, long giveUp) {
        while (true) {
            try {
                database.batch(sql -> {
                    sql.batchUpdate(LogRow.INSERT, batch, BATCH, (into, row) -> row.bind(into));
                    LogSize.grow(sql, batch);
                });
                written.add(batch.size());
                there = true;
                return;
            } catch (StoreUnavailable away) {
                there = false;
                // While the gateway stops there is no time to wait for it.
                if (closing || System.nanoTime() - giveUp > 0) {
                    log.error("the database does not take the request log; {} rows are lost", batch.size());
                    dropped.add(batch.size());
                    return;
                }
                LockSupport.parkNanos(this, Duration.ofSeconds(1).toNanos());
            }
        }
    }

    private void writeRollups(boolean now) {
        if (!now && System.nanoTime() - rollupsDue < 0) {
            return;
        }
        rollupsDue = System.nanoTime() + ROLLUP_NANOS;
        List<Rollups.Row> rows = rollups.changed();
        try {
            if (!rows.isEmpty()) {
                upsert(rows);
                // Rows tell that only when the next call comes.
                there = true;
            }
            rollups.written(System.currentTimeMillis() / 1000);
        } catch (StoreUnavailable away) {
            // They are whole sums: the next time will do.
            there = false;
        }
    }

    private void upsert(List<Rollups.Row> rows) {
        try {
            database.batch(sql -> sql.batchUpdate(Rollups.UPSERT, rows, BATCH, (into, row) -> row.bind(into)));
        } catch (StoreRefused oneOfThem) {
            if (rows.size() == 1) {
                log.error("the database does not take a sum of the request log");
            } else {
                rows.forEach(row -> upsert(List.of(row)));
            }
        }
    }

    /** Writes what waits; not longer than a few seconds. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
