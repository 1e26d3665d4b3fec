package dev.mehari.usage.log;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.store.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the request log holds. All methods block, and throw {@link StoreUnavailable} when it is away. Thread-safe. */
public final class RequestLog {
    /** All but the bodies and the story. */
    private static final String COLUMNS =
            "id, request_id, received_at, environment, key_name, team, user_name, session, dialect, operation, model,"
                    + " stream, provider, upstream_model, deployment, attempts, status, error_type, message,"
                    + " finish_reason, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens,"
                    + " reasoning_tokens, cost_nano_usd, cache, client_gone, read_us, admitted_us, connecting_us,"
                    + " connected_us, new_connection, sent_us, headers_us, first_token_us, last_token_us, first_byte_us,"
                    + " total_us, overhead_us, upstream_us, answered_model, answer_id, provider_request_id,"
                    + " usage_details";

    /** No index knows the inside of texts: so many rows are looked through for one page. */
    private static final int LOOKED_THROUGH = 50_000;

    private final Database database;

    public RequestLog(Database database) {
        this.database = database;
    }

    /**
     * Some rows, newest first.
     *
     * @param next what to go on before; null: there are no more
     */
    public record Page(
            List<Map<String, Object>> rows, @Nullable Long next) {}

    public Page page(RequestFilter filter) {
        return database.work(sql -> filter.text() == null ? rows(sql, filter, 0) : found(sql, filter, filter.text()));
    }

    private static Page rows(JdbcClient sql, RequestFilter filter, long from) {
        List<Map<String, Object>> rows = sql.sql(select(filter, from))
                .params(filter.bound())
                .param("before", filter.before())
                .query()
                .listOfRows();
        boolean more = rows.size() > filter.limit();
        List<Map<String, Object>> shown = more ? rows.subList(0, filter.limit()) : rows;
        return new Page(shown, more ? id(shown.getLast()) : null);
    }

    /** The query of one page; its parameters are the filter's and {@code before}. */
    static String select(RequestFilter filter, long from) {
        List<String> conditions = new ArrayList<>(filter.conditions());
        conditions.add("id < :before");
        if (from > 0) {
            conditions.add("id >= " + from);
        }
        return "select " + COLUMNS + " from request_log where " + String.join(" and ", conditions)
                + " order by id desc limit " + (filter.limit() + 1);
    }

    /** Looks for a text in a bounded number of rows; where they end the next page goes on. */
    private static Page found(JdbcClient sql, RequestFilter filter, String text) {
        List<Long> end = sql.sql("select id from request_log where id < :before order by id desc limit 1 offset "
                        + LOOKED_THROUGH)
                .param("before", filter.before())
                .query(Long.class)
                .list();
        List<String> conditions = new ArrayList<>(filter.conditions());
        conditions.add("(lower(model) like :text escape '!' or lower(upstream_model) like :text escape '!'"
                + " or lower(message) like :text escape '!' or lower(request_id) like :text escape '!'"
                + " or lower(answered_model) like :text escape '!' or lower(answer_id) like :text escape '!'"
                + " or lower(provider_request_id) like :text escape '!'"
                + " or lower(session) like :text escape '!' or lower(user_name) like :text escape '!')");
        Map<String, Object> bound = new HashMap<>(filter.bound());
        bound.put("text", '%' + escaped(text.toLowerCase(Locale.ROOT)) + '%');
        long from = end.isEmpty() ? 0 : end.getFirst();
        Page page = rows(sql, new RequestFilter(conditions, bound, null, filter.before(), filter.limit()), from);
        return page.next() == null && from > 0 ? new Page(page.rows(), from) : page;
    }

    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /** One call, by its request id or by the id of its row; of several with that request id the last. */
    public @Nullable Map<String, Object> find(String id) {
        boolean number = id.matches("[0-8]?\\d{1,18}");
        return database.work(sql -> {
            Map<String, Object> found = one(sql, "request_id = :id", id);
            return found == null && number ? one(sql, "id = :id", Long.parseLong(id)) : found;
        });
    }

    private static @Nullable Map<String, Object> one(JdbcClient sql, String condition, Object id) {
        List<Map<String, Object>> rows = sql.sql("select " + COLUMNS
                        + ", story, request_body, response_body from request_log where " + condition
                        + " order by id desc limit 1")
                .param("id", id)
                .query()
                .listOfRows();
        return rows.isEmpty() ? null : rows.getFirst();
    }

    /** The id of a row. */
    public static long id(Map<String, Object> row) {
        return row.get("id") instanceof Number number ? number.longValue() : 0;
    }

    /** When a row's call ended, in microseconds since 1970. */
    public static long endedMicros(Map<String, Object> row) {
        return LogIds.micros(id(row));
    }
}
