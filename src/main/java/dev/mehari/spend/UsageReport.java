package dev.mehari.spend;

import dev.mehari.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sums of what was used, by whatever is asked for. Blocks on the database. Thread-safe. */
public final class UsageReport {
    private static final String SUMS = ", sum(requests) requests, sum(failed) failed, sum(recalled) recalled,"
            + " sum(prompt_tokens) prompt_tokens, sum(completion_tokens) completion_tokens,"
            + " sum(cached_tokens) cached_tokens, sum(cache_write_tokens) cache_write_tokens,"
            + " sum(reasoning_tokens) reasoning_tokens, sum(cost_nanos) cost_nanos, sum(unpriced) unpriced,"
            + " sum(estimated) estimated from usage_day where day between :from and :to";

    private final Database database;

    public UsageReport(Database database) {
        this.database = database;
    }

    /** What sums can be kept apart by. */
    public enum Part {
        DAY("day"),
        KEY("key_id"),
        TEAM("team"),
        PROVIDER("provider"),
        MODEL("model");

        // Never a client's text: it becomes part of the SQL.
        private final String column;

        Part(String column) {
            this.column = column;
        }
    }

    /**
     * What is asked for.
     *
     * @param from the first day, UTC
     * @param to the last day
     * @param by what the sums are kept apart by
     * @param only nothing else counts
     */
    public record Question(LocalDate from, LocalDate to, Set<Part> by, Map<Part, String> only) {}

    /**
     * One sum.
     *
     * @param parts whose it is, in their order
     * @param costNanos as far as it is known
     * @param unpriced requests whose cost is not known, or not all of it
     * @param estimated requests whose tokens were reckoned by the gateway
     */
    public record Sum(
            Map<Part, String> parts,
            long requests,
            long failed,
            long recalled,
            long promptTokens,
            long completionTokens,
            long cachedTokens,
            long cacheWriteTokens,
            long reasoningTokens,
            long costNanos,
            long unpriced,
            long estimated) {}

    /** In the order of their parts. */
    public List<Sum> ask(Question question) {
        Set<Part> by = question.by().isEmpty() ? EnumSet.noneOf(Part.class) : EnumSet.copyOf(question.by());
        String columns = by.stream().map(part -> part.column).collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder("select ")
                .append(by.isEmpty() ? "1 as one" : columns)
                .append(SUMS);
        Map<Part, String> only = new EnumMap<>(Part.class);
        only.putAll(question.only());
        only.keySet()
                .forEach(part ->
                        text.append(" and ").append(part.column).append(" = :").append(part.name()));
        if (!by.isEmpty()) {
            text.append(" group by ").append(columns).append(" order by ").append(columns);
        }
        return database.work(sql -> {
            var select = sql.sql(text.toString())
                    .param("from", question.from().toString())
                    .param("to", question.to().toString());
            for (Map.Entry<Part, String> one : only.entrySet()) {
                select = select.param(one.getKey().name(), one.getValue());
            }
            return select.query((row, number) -> read(row, by)).list();
        });
    }

    private static Sum read(ResultSet row, Set<Part> by) throws SQLException {
        Map<Part, String> parts = new LinkedHashMap<>();
        for (Part part : by) {
            parts.put(part, orEmpty(row.getString(part.column)));
        }
        // Without any rows the sums of all are null, which reads as 0.
        return new Sum(
                parts,
                row.getLong("requests"),
                row.getLong("failed"),
                row.getLong("recalled"),
                row.getLong("prompt_tokens"),
                row.getLong("completion_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("cache_write_tokens"),
                row.getLong("reasoning_tokens"),
                row.getLong("cost_nanos"),
                row.getLong("unpriced"),
                row.getLong("estimated"));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
