package dev.mehari.dashboard;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Usage;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.AttemptTimes;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.CallTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A call with its whole story as one JSON object, in the shape of {@code GET /admin/requests/{id}}: the page shows both
 * alike. What is not known is left out.
 */
final class LiveRow {
    private final CallRecord call;
    private final JsonWriter json;

    private LiveRow(CallRecord call, JsonWriter json) {
        this.call = call;
        this.json = json;
    }

    static void write(CallRecord call, ByteSink out) {
        new LiveRow(call, new JsonWriter(out)).write();
    }

    private void write() {
        AttemptRecord served = call.served();
        json.object()
                .field("request_id", call.requestId())
                .field("received_at", call.received().toString())
                .field(
                        "ended_at",
                        call.received().plusNanos(call.times().total()).toString())
                .fieldIfAny("key", call.key())
                .fieldIfAny("team", call.team())
                .fieldIfAny("user", call.user())
                .fieldIfAny("session", call.session())
                .field("dialect", call.dialect())
                .field("operation", call.operation())
                .fieldIfAny("model", call.model())
                .field("stream", call.stream())
                .fieldIfAny("provider", served == null ? null : served.provider())
                .fieldIfAny("upstream_model", served == null ? null : served.model())
                .fieldIfAny("deployment", served == null ? null : served.deployment())
                .fieldIfAny("answered_model", call.answeredModel())
                .fieldIfAny("answer_id", call.answerId())
                .fieldIfAny("provider_request_id", served == null ? null : served.requestId())
                .field("attempts", call.asked())
                .field("status", call.status())
                .fieldIfAny(
                        "error_type", call.error() == null ? null : call.error().word())
                .fieldIfAny("message", call.message())
                .fieldIfAny(
                        "finish_reason",
                        call.finish() == null ? null : call.finish().wire())
                .fieldIfAny("cost_usd", call.costNanoUsd() == null ? null : (Double) (call.costNanoUsd() / 1e9))
                .fieldIfAny(
                        "cache",
                        call.cache() == null ? null : call.cache().name().toLowerCase(Locale.ROOT))
                .field("client_gone", call.clientGone());
        usage(call.usage());
        times();
        timeline();
        json.name("attempt_list").list();
        call.attempts().forEach(this::attempt);
        json.endList().name("dropped_params").list();
        call.dropped().forEach(json::text);
        json.endList().endObject();
    }

    private void usage(@Nullable Usage usage) {
        if (usage != null) {
            json.name("usage").object();
            usage.forEach(json::field);
            json.endObject();
        }
    }

    private void times() {
        AttemptRecord served = call.served();
        json.name("times_ms").object();
        json.name("total").number(millis(call.times().total()));
        span("first_byte", call.times().toFirstByte());
        span("first_token", call.toFirstTokenNanos());
        span("overhead", call.overheadNanos());
        json.name("upstream").number(millis(call.upstreamNanos()));
        span("connect", served == null ? OptionalLong.empty() : served.times().toConnect());
        json.endObject();
        OptionalDouble rate = call.tokensPerSecond();
        if (rate.isPresent()) {
            json.name("tokens_per_second").number(Math.round(rate.getAsDouble() * 10) / 10.0);
        }
    }

    /** How far a call had come at a time, in milliseconds since it was received. */
    private record Reached(String name, double atMillis) {}

    private void timeline() {
        CallTimes times = call.times();
        AttemptRecord served = call.served();
        List<Reached> reached = new ArrayList<>(10);
        reached(reached, "read", times.read());
        reached(reached, "admitted", times.admitted());
        if (served != null) {
            AttemptTimes attempt = served.times();
            reached(reached, "connecting", attempt.connecting());
            reached(reached, "connected", attempt.connected());
            reached(reached, "sent", attempt.sent());
            reached(reached, "headers", attempt.headers());
            reached(reached, "first_token", attempt.firstToken());
            reached(reached, "last_token", attempt.lastToken());
        }
        reached(reached, "first_byte", times.firstByte());
        reached(reached, "done", times.done());
        reached.sort(Comparator.comparingDouble(Reached::atMillis));
        json.name("timeline").list();
        for (Reached one : reached) {
            json.object().field("name", one.name()).name("at_ms").number(one.atMillis());
            json.endObject();
        }
        json.endList();
    }

    private void reached(List<Reached> all, String name, long nanos) {
        if (nanos != 0) {
            all.add(new Reached(name, sinceReceived(nanos)));
        }
    }

    private void attempt(AttemptRecord attempt) {
        AttemptTimes times = attempt.times();
        json.object()
                .field("provider", attempt.provider())
                .field("model", attempt.model())
                .field("deployment", attempt.deployment())
                .fieldIfAny(
                        "error_type",
                        attempt.error() == null ? null : attempt.error().word())
                .fieldIfAny(
                        "failure_class",
                        attempt.failure() == null ? null : attempt.failure().word())
                .fieldIfAny("message", attempt.message())
                .fieldIfAny("answered_model", attempt.answeredModel())
                .fieldIfAny("answer_id", attempt.answerId())
                .fieldIfAny("provider_request_id", attempt.requestId())
                .field("overtaken", attempt.overtaken())
                .fieldIfAny("new_connection", times.newConnection());
        instant("connecting_ms", times.connecting());
        instant("connected_ms", times.connected());
        instant("sent_ms", times.sent());
        instant("headers_ms", times.headers());
        instant("first_token_ms", times.firstToken());
        instant("last_token_ms", times.lastToken());
        instant("ended_ms", times.ended());
        json.endObject();
    }

    private void instant(String name, long nanos) {
        if (nanos != 0) {
            json.name(name).number(sinceReceived(nanos));
        }
    }

    private void span(String name, OptionalLong nanos) {
        if (nanos.isPresent()) {
            json.name(name).number(millis(nanos.getAsLong()));
        }
    }

    private double sinceReceived(long nanos) {
        return millis(nanos - call.times().received());
    }

    /** To the microsecond. */
    private static double millis(long nanos) {
        return nanos / 1000 / 1000.0;
    }
}
