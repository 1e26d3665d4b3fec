package dev.mehari.usage.log;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.AttemptTimes;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.CallTimes;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way into {@code request_log}.
 *
 * @param id unique, and rising with the time that calls end
 * @param request what was asked, fit to be kept; null: it is not
 * @param response what was answered, likewise
 */
record LogRow(
        long id,
        CallRecord call,
        @Nullable String environment,
        @Nullable String request,
        @Nullable String response) {

    static final String INSERT = "insert into request_log (id, request_id, received_at, environment, key_name, team,"
            + " user_name, session, dialect, operation, model, stream, provider, upstream_model, deployment, attempts,"
            + " status, error_type, message, finish_reason, prompt_tokens, completion_tokens, cached_tokens,"
            + " cache_write_tokens, reasoning_tokens, cost_nano_usd, cache, client_gone, read_us, admitted_us,"
            + " connecting_us, connected_us, new_connection, sent_us, headers_us, first_token_us, last_token_us,"
            + " first_byte_us, total_us, overhead_us, upstream_us, story, request_body, response_body)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

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
        binder.number(call.attempts().size());
        binder.number(call.status());
        binder.text(call.error() == null ? null : call.error().word());
        binder.text(call.message());
        binder.text(call.finish() == null ? null : call.finish().wire());
        binder.number(usage == null ? null : usage.promptTokens());
        binder.number(usage == null ? null : usage.completionTokens());
        binder.number(usage == null ? null : usage.cachedTokens());
        binder.number(usage == null ? null : usage.cacheWriteTokens());
        binder.number(usage == null ? null : usage.reasoningTokens());
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
        binder.text(story());
        binder.text(request);
        binder.text(response);
    }

    /** The attempts as JSON; null when there was one at most and it went well. */
    private @Nullable String story() {
        boolean plain = call.attempts().isEmpty()
                || (call.attempts().size() == 1 && call.attempts().getFirst().error() == null);
        if (plain && call.dropped().isEmpty()) {
            return null;
        }
        ObjectNode story = Json.MAPPER.createObjectNode();
        call.dropped().forEach(story.withArray("dropped_params")::add);
        ArrayNode attempts = story.putArray("attempts");
        call.attempts().forEach(attempt -> attempts.add(told(attempt)));
        return Json.text(story);
    }

    private ObjectNode told(AttemptRecord attempt) {
        ObjectNode told = Json.MAPPER.createObjectNode();
        told.put("provider", attempt.provider());
        told.put("model", attempt.model());
        told.put("deployment", attempt.deployment());
        told.put("error_type", attempt.error() == null ? null : attempt.error().word());
        told.put(
                "failure_class",
                attempt.failure() == null ? null : attempt.failure().word());
        told.put("message", attempt.message());
        told.put("overtaken", attempt.overtaken());
        AttemptTimes times = attempt.times();
        told.put("new_connection", times.newConnection());
        put(told, "connecting_us", times.connecting());
        put(told, "connected_us", times.connected());
        put(told, "sent_us", times.sent());
        put(told, "headers_us", times.headers());
        put(told, "first_token_us", times.firstToken());
        put(told, "last_token_us", times.lastToken());
        put(told, "ended_us", times.ended());
        return told;
    }

    private void put(ObjectNode told, String name, long nanos) {
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
