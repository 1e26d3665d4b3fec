package dev.mehari.usage.log;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How much the request log holds. One row of the database knows it, which changes in the transactions that write and delete
 * rows: counting them would mean to read them.
 *
 * @param bytes about what they take, indexes included
 */
public record LogSize(long rows, long bytes) {
    private static final String CHANGE = "update request_log_size set row_count = row_count + ?, bytes = bytes + ?";

    static LogSize of(JdbcClient sql) {
        return sql.sql("select row_count, bytes from request_log_size")
                .query((row, number) -> new LogSize(row.getLong("row_count"), row.getLong("bytes")))
                .single();
    }

    static void grow(JdbcTemplate sql, List<LogRow> batch) {
        sql.update(CHANGE, batch.size(), batch.stream().mapToLong(LogRow::bytes).sum());
    }

    void shrink(JdbcClient sql) {
        sql.sql(CHANGE).params(-rows, -bytes).update();
    }

    /** Somebody else has deleted rows: they are counted, once. */
    static void recount(JdbcClient sql) {
        sql.sql("update request_log_size set row_count = (select count(*) from request_log),"
                        + " bytes = (select coalesce(sum(bytes), 0) from request_log)")
                .update();
    }

    /** How much is too much; neither is below 0. */
    LogSize above(long mostRows, long mostBytes) {
        return new LogSize(
                mostRows == 0 ? 0 : Math.max(0, rows - mostRows), mostBytes == 0 ? 0 : Math.max(0, bytes - mostBytes));
    }
}
