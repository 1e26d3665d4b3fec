package dev.mehari.spend;

import dev.mehari.access.Purse;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Ids;
import dev.mehari.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of usage by day. All methods block and throw {@link StoreUnavailable} when the database is away. Thread-safe. */
class UsageStore {
    private static final String ADD = """
            insert into usage_day (day, key_id, team, provider, model, requests, failed, recalled, prompt_tokens,
                    completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, cost_nanos, unpriced, estimated)
                values (:day, :key, :team, :provider, :model, :requests, :failed, :recalled, :prompt, :completion, :cached,
                    :written, :reasoning, :cost, :unpriced, :estimated)
                on conflict (day, key_id, team, provider, model) do update set
                    requests = usage_day.requests + excluded.requests,
                    failed = usage_day.failed + excluded.failed,
                    recalled = usage_day.recalled + excluded.recalled,
                    prompt_tokens = usage_day.prompt_tokens + excluded.prompt_tokens,
                    completion_tokens = usage_day.completion_tokens + excluded.completion_tokens,
                    cached_tokens = usage_day.cached_tokens + excluded.cached_tokens,
                    cache_write_tokens = usage_day.cache_write_tokens + excluded.cache_write_tokens,
                    reasoning_tokens = usage_day.reasoning_tokens + excluded.reasoning_tokens,
                    cost_nanos = usage_day.cost_nanos + excluded.cost_nanos,
                    unpriced = usage_day.unpriced + excluded.unpriced,
                    estimated = usage_day.estimated + excluded.estimated
            """;

    /** No row: it was this batch, or a later one. */
    private static final String ONCE = """
            insert into usage_writer (id, batch, written_at) values (:writer, :batch, :now)
                on conflict (id) do update set batch = excluded.batch, written_at = excluded.written_at
                    where usage_writer.batch < excluded.batch
            """;

    /** A process that has written nothing for so long has ended. */
    private static final Duration LONGEST_PAUSE = Duration.ofDays(30);

    private final Database database;
    private final InstantSource clock;
    private final String writer = Ids.random("", 32);

    UsageStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Adds all of them or none, and once: when it fails nobody may know whether the database has got to the end of it, as
     * its word on that may be lost on the way.
     *
     * @param batch its number, larger than those of all before; the same when the same rows are given again
     */
    void addOnce(Collection<UsageRow> rows, long batch) {
        List<UsageRow> sorted = rows.stream()
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        long now = clock.instant().getEpochSecond();
        database.work(sql -> {
            int fresh = sql.sql(ONCE)
                    .param("writer", writer)
                    .param("batch", batch)
                    .param("now", now)
                    .update();
            if (fresh > 0) {
                sorted.forEach(row -> add(sql, row));
            }
            return fresh;
        });
    }

    /** Forgets the processes of long ago. */
    void forgetOthers() {
        database.work(sql -> sql.sql("delete from usage_writer where written_at < :before")
                .param("before", clock.instant().minus(LONGEST_PAUSE).getEpochSecond())
                .update());
    }

    private static void add(JdbcClient sql, UsageRow row) {
        sql.sql(ADD)
                .param("day", row.key().day())
                .param("key", row.key().keyId())
                .param("team", row.key().team())
                .param("provider", row.key().provider())
                .param("model", row.key().model())
                .param("requests", row.requests())
                .param("failed", row.failed())
                .param("recalled", row.recalled())
                .param("prompt", row.promptTokens())
                .param("completion", row.completionTokens())
                .param("cached", row.cachedTokens())
                .param("written", row.cacheWriteTokens())
                .param("reasoning", row.reasoningTokens())
                .param("cost", row.costNanos())
                .param("unpriced", row.unpriced())
                .param("estimated", row.estimated())
                .update();
    }

    /** What was spent from a purse in its period, in nano-dollars. */
    long spent(Purse purse) {
        String owner = purse.isTeams() ? "team" : "key_id";
        String first = purse.start().atZone(ZoneOffset.UTC).toLocalDate().toString();
        return database.work(sql -> sql.sql("select coalesce(sum(cost_nanos), 0) from usage_day where " + owner
                        + " = :owner and day >= :first")
                .param("owner", purse.ownerId())
                .param("first", first)
                .query(Long.class)
                .single());
    }
}
