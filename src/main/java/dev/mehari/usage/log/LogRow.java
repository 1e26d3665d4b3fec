package dev.mehari.usage.log;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.AttemptTimes;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.CallTimes;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way into {@code request_log}.
 *
 * @param id unique, and rising with the time that calls end
 * @param request what was asked, fit to be kept; null: it is not
 * @param response what was answered, likewise
 * @param details counts beyond those that have columns, as JSON; null when there are none
 * @param story the attempts as JSON; null when there was one at most and it went well
 * @param bytes about what it takes in the database, indexes included
 */
record LogRow(
        long id,
        CallRecord call,
        @Nullable String environment,
        @Nullable String request,
        @Nullable String response,
        @Nullable String details,
        @Nullable String story,
        long bytes) {

    /** Numbers, short words, and the entries of eight indexes; measured with SQLite. */
    private static final int FIXED_BYTES = 250;

    private static final Set<UsageDetail> COLUMNS =
            EnumSet.of(UsageDetail.CACHED, UsageDetail.CACHE_WRITE, UsageDetail.REASONING);

    static LogRow of(
            long id,
            CallRecord call,
            @Nullable String environment,
            @Nullable String request,
            @Nullable String response) {
        String story = story(call);
        // These are in an index too.
        long twice = length(call.requestId())
                + length(call.model())
                + length(call.key())
                + length(call.team())
                + length(call.user())
                + length(call.session());
        AttemptRecord served = call.served();
        String details = details(call.usage());
        long once = length(call.answeredModel())
                + length(call.answerId())
                + length(served == null ? null : served.requestId())
                + length(call.message())
                + length(details)
                + length(story)
                + length(request)
                + length(response);
        return new LogRow(id, call, environment, request, response, details, story, FIXED_BYTES + 2 * twice + once);
    }

    /** In UTF-8. */
    private static long length(@Nullable String text) {
        long bytes = 0;
        for (int i = 0; text != null && i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair counts for half of its four.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    static final String INSERT = "insert into request_log (id, request_id, received_at, environment, key_name, team,"
            + " user_name, session, dialect, operation, model, stream, provider, upstream_model, deployment, attempts,"
            + " status, error_type, message, finish_reason, prompt_tokens, completion_tokens, cached_tokens,"
            + " cache_write_tokens, reasoning_tokens, cost_nano_usd, cache, client_gone, read_us, admitted_us,"
            + " connecting_us, connected_us, new_connection, sent_us, headers_us, first_token_us, last_token_us,"
            + " first_byte_us, total_us, overhead_us, upstream_us, answered_model, answer_id, provider_request_id,"
            + " usage_details, story, request_body, response_body, bytes)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            // One whose end nobody heard of is written again.
            + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing";

    /** Sets the parameters of {@link #INSERT}. */
    void bind(PreparedStatement into) throws SQLException {
        Binder binder = new Binder(into, call.times().received());
        AttemptRecord served = call.served();
        AttemptTimes attempt = served == null ? null : served.times();
        Usage usage = call.usage();
        CallTimes times = call.times();
        binder.number(id);
        binder.text(call.requestId());
        binder.number(call.received().toEpochMilli());
        binder.text(environment);
        binder.text(call.key());
        binder.text(call.team());
        binder.text(call.user());
        binder.text(call.session());
        binder.text(call.dialect());
        binder.text(call.operation());
        binder.text(call.model());
        binder.flag(call.stream());
        binder.text(served == null ? null : served.provider());
        binder.text(served == null ? null : served.model());
        binder.text(served == null ? null : served.deployment());
        binder.number(call.asked());
        binder.number(call.status());
        binder.text(call.error() == null ? null : call.error().word());
        binder.text(call.message());
        binder.text(call.finish() == null ? null : call.finish().wire());
        binder.number(usage == null ? null : usage.promptTokens());
        binder.number(usage == null ? null : usage.completionTokens());
        binder.number(usage == null ? null : usage.count(UsageDetail.CACHED));
        binder.number(usage == null ? null : usage.count(UsageDetail.CACHE_WRITE));
        binder.number(usage == null ? null : usage.count(UsageDetail.REASONING));
        binder.number(call.costNanoUsd());
        binder.text(call.cache() == null ? null : call.cache().name());
        binder.flag(call.clientGone());
        binder.instant(times.read());
        binder.instant(times.admitted());
        binder.instant(attempt == null ? 0 : attempt.connecting());
        binder.instant(attempt == null ? 0 : attempt.connected());
        binder.flag(attempt == null ? null : attempt.newConnection());
        binder.instant(attempt == null ? 0 : attempt.sent());
        binder.instant(attempt == null ? 0 : attempt.headers());
        binder.instant(attempt == null ? 0 : attempt.firstToken());
        binder.instant(attempt == null ? 0 : attempt.lastToken());
        binder.instant(times.firstByte());
        binder.number(times.total() / 1000);
        OptionalLong overhead = call.overheadNanos();
        binder.number(overhead.isPresent() ? (Long) (overhead.getAsLong() / 1000) : null);
        binder.number(call.upstreamNanos() / 1000);
        binder.text(call.answeredModel());
        binder.text(call.answerId());
        binder.text(served == null ? null : served.requestId());
        binder.text(details);
        binder.text(story);
        binder.text(request);
        binder.text(response);
        binder.number(bytes);
    }

    /** Some tell every kind there is, most of them as 0. */
    private static @Nullable String details(@Nullable Usage usage) {
        ObjectNode told = Json.MAPPER.createObjectNode();
        for (UsageDetail detail : UsageDetail.values()) {
            Long count = usage == null || COLUMNS.contains(detail) ? null : usage.count(detail);
            if (count != null && count > 0) {
                told.put(detail.label(), count);
            }
        }
        return told.isEmpty() ? null : Json.text(told);
    }

    private static @Nullable String story(CallRecord call) {
        boolean plain = call.attempts().isEmpty()
                || (call.attempts().size() == 1 && call.attempts().getFirst().error() == null);
        if (plain && call.dropped().isEmpty()) {
            return null;
        }
        ObjectNode story = Json.MAPPER.createObjectNode();
        call.dropped().forEach(story.withArray("dropped_params")::add);
        ArrayNode attempts = story.putArray("attempts");
        call.attempts().forEach(attempt -> attempts.add(told(call, attempt)));
        return Json.text(story);
    }

    private static ObjectNode told(CallRecord call, AttemptRecord attempt) {
        ObjectNode told = Json.MAPPER.createObjectNode();
        told.put("provider", attempt.provider());
        told.put("model", attempt.model());
        told.put("deployment", attempt.deployment());
        told.put("error_type", attempt.error() == null ? null : attempt.error().word());
        told.put(
                "failure_class",
                attempt.failure() == null ? null : attempt.failure().word());
        told.put("message", attempt.message());
        told.put("answered_model", attempt.answeredModel());
        told.put("answer_id", attempt.answerId());
        told.put("provider_request_id", attempt.requestId());
        told.put("overtaken", attempt.overtaken());
        AttemptTimes times = attempt.times();
        told.put("new_connection", times.newConnection());
        put(told, call, "connecting_us", times.connecting());
        put(told, call, "connected_us", times.connected());
        put(told, call, "sent_us", times.sent());
        put(told, call, "headers_us", times.headers());
        put(told, call, "first_token_us", times.firstToken());
        put(told, call, "last_token_us", times.lastToken());
        put(told, call, "ended_us", times.ended());
        return told;
    }

    private static void put(ObjectNode told, CallRecord call, String name, long nanos) {
        if (nanos != 0) {
            told.put(name, (nanos - call.times().received()) / 1000);
        }
    }

    /** Sets one parameter after the other. */
    private static final class Binder {
        private final PreparedStatement into;
        private final long received;
        private int next = 1;

        Binder(PreparedStatement into, long received) {
            this.into = into;
            this.received = received;
        }

        void text(@Nullable String value) throws SQLException {
            if (value == null) {
                into.setNull(next++, Types.VARCHAR);
            } else {
                into.setString(next++, value);
            }
        }

        void number(@Nullable Long value) throws SQLException {
            if (value == null) {
                into.setNull(next++, Types.BIGINT);
            } else {
                into.setLong(next++, value);
            }
        }

        void number(long value) throws SQLException {
            into.setLong(next++, value);
        }

        void flag(@Nullable Boolean value) throws SQLException {
            if (value == null) {
                into.setNull(next++, Types.INTEGER);
            } else {
                into.setInt(next++, value ? 1 : 0);
            }
        }

        /** In microseconds since the call was received. */
        void instant(long nanos) throws SQLException {
            number(nanos == 0 ? null : (Long) ((nanos - received) / 1000));
        }
    }
}
