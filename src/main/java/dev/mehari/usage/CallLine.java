package dev.mehari.usage;

import dev.mehari.chat.Usage;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the log tells of a call: as a line to read, and as fields. docs/observability.md lists them. */
final class CallLine {
    private CallLine() {}

    /** {@code [req_…] chat fast at openai/gpt-4o: 200 in 812.4 ms, ours 0.61 ms, 120 in, 64 out}. */
    static String text(CallRecord call) {
        AttemptRecord served = call.served();
        StringBuilder text = new StringBuilder(200);
        text.append('[').append(call.requestId()).append("] ").append(call.dialect());
        text.append(' ').append(call.model() == null ? "-" : call.model());
        if (served != null) {
            text.append(" at ").append(served.provider()).append('/').append(served.model());
        }
        text.append(": ").append(call.status());
        if (call.error() != null) {
            text.append(' ').append(call.error().word());
        }
        time(text, " in ", OptionalLong.of(call.times().total()));
        time(text, ", began after ", call.toFirstTokenNanos());
        time(text, ", ours ", call.overheadNanos());
        Usage usage = call.usage();
        if (usage != null) {
            text.append(", ").append(usage.promptTokens()).append(" in, ");
            text.append(usage.completionTokens()).append(" out");
        }
        return text.toString();
    }

    private static void time(StringBuilder text, String before, OptionalLong nanos) {
        if (nanos.isPresent()) {
            text.append(before).append(millis(nanos.getAsLong())).append(" ms");
        }
    }

    /** Names and values; what is not known is left out. */
    static void fields(CallRecord call, BiConsumer<String, Object> to) {
        Fields fields = new Fields(to);
        AttemptRecord served = call.served();
        fields.put("request_id", call.requestId());
        fields.put("dialect", call.dialect());
        fields.put("operation", call.operation());
        fields.put("model", call.model());
        fields.put("stream", call.stream());
        fields.put("key", call.key());
        fields.put("team", call.team());
        fields.put("session", call.session());
        fields.put("provider", served == null ? null : served.provider());
        fields.put("upstream_model", served == null ? null : served.model());
        fields.put("deployment", served == null ? null : served.deployment());
        fields.put("answered_model", call.answeredModel());
        fields.put("answer_id", call.answerId());
        fields.put("provider_request_id", served == null ? null : served.requestId());
        fields.put("attempts", call.asked());
        fields.put("status", call.status());
        fields.put("error_type", call.error() == null ? null : call.error().word());
        fields.put("error_message", call.message());
        fields.put("finish_reason", call.finish() == null ? null : call.finish().wire());
        fields.put("cache", call.cache() == null ? null : call.cache().name().toLowerCase(Locale.ROOT));
        fields.put("client_gone", call.clientGone());
        fields.time("total_ms", OptionalLong.of(call.times().total()));
        fields.time("first_byte_ms", call.times().toFirstByte());
        fields.time("first_token_ms", call.toFirstTokenNanos());
        fields.time("overhead_ms", call.overheadNanos());
        if (served != null) {
            fields.time("upstream_ms", OptionalLong.of(call.upstreamNanos()));
            fields.time("connect_ms", served.times().toConnect());
        }
        Usage usage = call.usage();
        if (usage != null) {
            usage.forEach(fields::put);
        }
        fields.put("cost_usd", call.costNanoUsd() == null ? null : (Double) (call.costNanoUsd() / 1e9));
    }

    private record Fields(BiConsumer<String, Object> to) {
        void put(String name, @Nullable Object value) {
            if (value != null) {
                to.accept(name, value);
            }
        }

        void time(String name, OptionalLong nanos) {
            if (nanos.isPresent()) {
                to.accept(name, millis(nanos.getAsLong()));
            }
        }
    }

    /** To the microsecond. */
    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
