package dev.mehari.spend;

import dev.mehari.access.Purse;
import dev.mehari.chat.GatewayException.StoreRefused;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what is used, off the path of calls: bills are added up in memory, and one thread writes what has come, at
 * once or a tenth of a second after what came before. While the database is away they wait here, so many different ones at most;
 * what is beyond that, or refused by it, is counted and logged. Then it reads what was spent from the purses that paid, and tells the ledger.
 * Thread-safe.
 */
public final class UsageBook implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UsageBook.class);

    private static final int MOST_ROWS = 50_000;
    private static final int LONGEST_MODEL = 200;
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(100);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /**
     * A sum that was read is told only after so long. By then all that it holds has reached Redis by itself; told sooner,
     * a cost might count twice there, once in the sum and once when its own message comes.
     */
    private static final Duration BEFORE_RAISE = Duration.ofSeconds(2);

    private final UsageStore store;
    private final InstantSource clock;
    private final ObjLongConsumer<Purse> raise;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final LongAdder lost = new LongAdder();
    private final Deque<Sum> sums = new ArrayDeque<>();
    private Map<UsageRow.Key, UsageRow> waiting = new HashMap<>();
    private Set<Purse> paid = new LinkedHashSet<>();
    private final Deque<Batch> taken = new ArrayDeque<>();
    private int takenRows;
    private long lastBatch;
    private boolean swept;
    private boolean closed;
    private boolean started;

    /** What the database had at that moment. */
    private record Sum(Purse purse, long nanos, long atNanos) {}

    /** @param raise hears what was spent from a purse, in nano-dollars; must not wait */
    public UsageBook(Database database, InstantSource clock, ObjLongConsumer<Purse> raise) {
        this(new UsageStore(database, clock), clock, raise);
    }

    UsageBook(UsageStore store, InstantSource clock, ObjLongConsumer<Purse> raise) {
        this.store = store;
        this.clock = clock;
        this.raise = raise;
    }

    /** Notes what a call has used. Never waits for the database. */
    public void note(Bill bill, Collection<Purse> purses) {
        String model = bill.model();
        UsageRow.Key key = new UsageRow.Key(
                clock.instant().atZone(ZoneOffset.UTC).toLocalDate().toString(),
                bill.key(),
                bill.team() == null ? "" : bill.team(),
                bill.provider(),
                model.length() > LONGEST_MODEL ? model.substring(0, LONGEST_MODEL) : model);
        lock.lock();
        try {
            // Also of a bill that finds no room: its purses are read again as soon as the database is back.
            paid.addAll(purses);
            if (waiting.size() + takenRows >= MOST_ROWS && !waiting.containsKey(key)) {
                lost.increment();
                return;
            }
            waiting.merge(key, UsageRow.of(bill, key), UsageRow::plus);
            start();
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Bills that found no room here while the database was away, or that it does not take: their usage is written down
     * nowhere.
     */
    public long lost() {
        return lost.sum();
    }

    private void start() {
        if (!started) {
            started = true;
            Thread.ofVirtual().name("usage-book").start(this::run);
        }
    }

    private void run() {
        try {
            while (await()) {
                Duration pause = writeTaken() ? BETWEEN_BATCHES : BETWEEN_TRIES;
                raiseDue();
                Thread.sleep(pause);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Rows that are written together, or not at all. It stays as it is until the database has said how that went: it may be
     * written although nobody said so, and its rows must then not be part of another.
     *
     * @param number of those of this process
     */
    private record Batch(long number, Collection<UsageRow> rows, Set<Purse> purses) {}

    /** Waits until there is something to write, or a sum is due; false: the book is closed. */
    private boolean await() throws InterruptedException {
        lock.lock();
        try {
            while (taken.isEmpty() && waiting.isEmpty() && paid.isEmpty() && !closed && !isDue()) {
                if (sums.isEmpty()) {
                    news.await();
                } else {
                    news.awaitNanos(BEFORE_RAISE.toNanos() / 4);
                }
            }
            if (taken.isEmpty()) {
                taken.add(new Batch(++lastBatch, List.copyOf(waiting.values()), paid));
                takenRows = waiting.size();
                waiting = new HashMap<>();
                paid = new LinkedHashSet<>();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** False: the database is away, and nobody else knows whether the first of them is written. */
    private boolean writeTaken() {
        try {
            for (Batch batch = taken.peek(); batch != null; batch = taken.peek()) {
                boolean good = wasTaken(batch);
                // Before anybody hears that all is written, and closes the database.
                sweep();
                if (good) {
                    done(batch);
                } else {
                    refused(batch);
                }
            }
            return true;
        } catch (StoreUnavailable away) {
            return false;
        }
    }

    private boolean wasTaken(Batch batch) {
        try {
            if (!batch.rows().isEmpty()) {
                store.addOnce(batch.rows(), batch.number());
            }
            return true;
        } catch (StoreRefused oneOfThem) {
            return false;
        }
    }

    private void done(Batch batch) {
        batch.purses().forEach(this::remember);
        instead(List.of());
    }

    /** Once: what it leaves behind only takes room. */
    private void sweep() {
        if (!swept) {
            try {
                store.forgetOthers();
            } catch (StoreRefused itStays) {
                log.debug("the numbers of batches of old processes stay where they are");
            }
            swept = true;
        }
    }

    /** One row that the database does not take must not hold up the others: from now on each is a batch of its own. */
    private void refused(Batch batch) {
        if (batch.rows().size() > 1) {
            List<Batch> alone = new ArrayList<>();
            batch.rows().forEach(row -> alone.add(new Batch(++lastBatch, List.of(row), Set.of())));
            alone.add(new Batch(++lastBatch, List.of(), batch.purses()));
            instead(alone);
            return;
        }
        for (UsageRow row : batch.rows()) {
            lost.add(Math.max(1, row.requests()));
            log.error(
                    "the database does not take the usage of {} at {}; it is written down nowhere",
                    row.key().keyId(),
                    row.key().provider());
        }
        done(batch);
    }

    /** What is to be written instead of the first that was taken. */
    private void instead(List<Batch> others) {
        lock.lock();
        try {
            Batch first = taken.remove();
            others.reversed().forEach(taken::addFirst);
            takenRows += others.stream().mapToInt(batch -> batch.rows().size()).sum()
                    - first.rows().size();
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void remember(Purse purse) {
        try {
            long at = System.nanoTime();
            sums.add(new Sum(purse, store.spent(purse), at));
        } catch (StoreUnavailable | StoreRefused unread) {
            log.debug("what was spent from {} is read again with its next bill", purse.owner());
        }
    }

    private boolean isDue() {
        Sum first = sums.peek();
        return first != null && System.nanoTime() - first.atNanos() >= BEFORE_RAISE.toNanos();
    }

    private void raiseDue() {
        while (isDue()) {
            Sum sum = sums.remove();
            raise.accept(sum.purse(), sum.nanos());
        }
    }

    /** What was spent from a purse in its period, in nano-dollars. Blocks; throws {@link StoreUnavailable}. */
    public long spent(Purse purse) {
        return store.spent(purse);
    }

    /** Waits until all that was noted before is written; false when that takes longer than so long. */
    public boolean flush(Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (!isWritten() && left > 0) {
                left = written.awaitNanos(left);
            }
            return isWritten();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWritten() {
        return taken.isEmpty() && waiting.isEmpty();
    }

    /** Writes what is left, if the database lets it. */
    @Override
    public void close() {
        if (!flush(Duration.ofSeconds(5))) {
            log.error("the usage of the last calls could not be written: the database does not answer");
        }
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        if (lost() > 0) {
            log.error("{} bills were not written down: the database was away, or did not take them", lost());
        }
    }
}
