package dev.mehari.usage.trace;

import dev.mehari.cache.CacheUse;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.GenAi;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one call that is over: one of its own, from the request's head to the end of the answer, and below it one for
 * each attempt at a provider, which carries what was used. What was said is the call's. For one thread.
 */
final class CallSpans {
    private static final double NANOS = 1e9;

    private final Tracer tracer;
    private final GivenIds ids;
    private final @Nullable String environment;

    CallSpans(Tracer tracer, GivenIds ids, @Nullable String environment) {
        this.tracer = tracer;
        this.ids = ids;
        this.environment = Langfuse.environment(environment);
    }

    void make(CallRecord call, Asked asked, @Nullable Conversation said) {
        TraceIds own = TraceIds.of(call.requestId(), call.times().received(), call.traceparent());
        Attributes shared = shared(call, asked);
        ids.next(own.trace(), own.root());
        SpanBuilder builder = tracer.spanBuilder(name(call.operation(), call.model()))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(call.received())
                .setAllAttributes(shared);
        Span root = parent(builder, own).startSpan();
        tell(root, call, asked);
        if (said != null) {
            tell(root, said);
        }
        if (call.error() != null) {
            fail(root, call.error().word(), call.message(), call.clientGone());
        }
        Context below = Context.root().with(root);
        for (int i = 0; i < call.attempts().size(); i++) {
            AttemptRecord attempt = call.attempts().get(i);
            if (attempt.wasBegun()) {
                make(call, attempt, i, own, below, shared, asked);
            }
        }
        root.end(time(call, call.times().done()));
    }

    private static SpanBuilder parent(SpanBuilder builder, TraceIds own) {
        if (own.parent() == null) {
            // A trace of its own, with the id that its requests upstream carry.
            return builder.setNoParent();
        }
        SpanContext client = SpanContext.createFromRemoteParent(
                own.trace(), own.parent(), TraceFlags.getSampled(), TraceState.getDefault());
        return builder.setParent(Context.root().with(Span.wrap(client))).setAttribute(Langfuse.AS_ROOT, true);
    }

    /** What Langfuse wants on every span of a trace. */
    private Attributes shared(CallRecord call, Asked asked) {
        AttributesBuilder shared = Attributes.builder();
        String user = asked.user() == null ? call.user() : asked.user();
        String session = asked.session() == null ? call.session() : asked.session();
        put(shared, Langfuse.USER, user);
        put(shared, SpanNames.USER, user);
        put(shared, Langfuse.SESSION, session);
        put(shared, SpanNames.SESSION, session);
        put(shared, GenAi.CONVERSATION, session);
        put(shared, Langfuse.TRACE_NAME, asked.traceName());
        put(shared, Langfuse.ENVIRONMENT, environment);
        if (!asked.tags().isEmpty()) {
            shared.put(Langfuse.TAGS, asked.tags());
        }
        asked.metadata().forEach((name, value) -> shared.put(Langfuse.metadata(name), value));
        put(shared, Langfuse.metadata("key"), call.key());
        put(shared, Langfuse.metadata("team"), call.team());
        shared.put(Langfuse.metadata("request_id"), call.requestId());
        return shared.build();
    }

    private static void tell(Span root, CallRecord call, Asked asked) {
        // Not a generation: its attempts are, and tokens would count twice.
        root.setAttribute(Langfuse.TYPE, "span");
        root.setAttribute(GenAi.OPERATION, call.operation());
        put(root, GenAi.REQUEST_MODEL, call.model());
        root.setAllAttributes(asked.parameters());
        root.setAttribute(SpanNames.STATUS, (long) call.status());
        root.setAttribute(SpanNames.DIALECT, call.dialect());
        root.setAttribute(SpanNames.REQUEST_ID, call.requestId());
        root.setAttribute(SpanNames.ATTEMPTS, (long) call.asked());
        put(root, SpanNames.KEY, call.key());
        put(root, SpanNames.TEAM, call.team());
        put(
                root,
                SpanNames.CACHE,
                call.cache() == null ? null : call.cache().name().toLowerCase(Locale.ROOT));
        call.overheadNanos().ifPresent(nanos -> root.setAttribute(SpanNames.OVERHEAD, nanos / NANOS));
        if (!call.dropped().isEmpty()) {
            root.setAttribute(SpanNames.DROPPED, call.dropped());
        }
        if (call.clientGone()) {
            root.setAttribute(SpanNames.CLIENT_GONE, true);
        }
        if (call.attempts().isEmpty() && call.cache() == CacheUse.HIT) {
            // Nobody was asked: what the kept answer had taken is told here, and costs nothing.
            usage(root, call.usage(), 0L);
        }
        AttemptRecord served = call.served();
        answered(root, call.answerId(), call.answeredModel(), served == null ? null : served.requestId());
        finish(root, call.finish(), call.clientGone());
    }

    /** By whom it was answered, in the provider's own words, and what to ask its support for. */
    private static void answered(Span span, @Nullable String id, @Nullable String model, @Nullable String requestId) {
        put(span, GenAi.RESPONSE_ID, id);
        put(span, GenAi.RESPONSE_MODEL, model);
        put(span, SpanNames.PROVIDER_REQUEST_ID, requestId);
    }

    private static void tell(Span root, Conversation said) {
        root.setAttribute(Langfuse.INPUT, said.input());
        root.setAttribute(Langfuse.OUTPUT, said.output());
        root.setAttribute(GenAi.INPUT_MESSAGES, said.input());
        root.setAttribute(GenAi.OUTPUT_MESSAGES, said.output());
        put(root, GenAi.INSTRUCTIONS, said.instructions());
    }

    private void make(
            CallRecord call,
            AttemptRecord attempt,
            int index,
            TraceIds own,
            Context below,
            Attributes shared,
            Asked asked) {
        ids.next(own.trace(), TraceIds.ofAttempt(attempt.id()));
        boolean served = attempt == call.served();
        Span span = tracer.spanBuilder(name(call.operation(), attempt.model()))
                .setSpanKind(SpanKind.CLIENT)
                .setParent(below)
                .setStartTimestamp(time(call, began(call, attempt)))
                .setAllAttributes(shared)
                .setAllAttributes(asked.parameters())
                .startSpan();
        span.setAttribute(Langfuse.TYPE, call.operation().equals("embeddings") ? "embedding" : "generation");
        span.setAttribute(GenAi.OPERATION, call.operation());
        span.setAttribute(GenAi.PROVIDER, GenAi.provider(attempt.protocol(), attempt.provider()));
        span.setAttribute(GenAi.REQUEST_MODEL, attempt.model());
        // A deployment's own name has no price there; what has answered has one.
        span.setAttribute(Langfuse.MODEL, attempt.answeredModel() == null ? attempt.model() : attempt.answeredModel());
        span.setAttribute(SpanNames.PROVIDER, attempt.provider());
        span.setAttribute(SpanNames.DEPLOYMENT, attempt.deployment());
        span.setAttribute(SpanNames.ATTEMPT, index + 1L);
        if (attempt.times().newConnection() != null) {
            span.setAttribute(SpanNames.NEW_CONNECTION, attempt.times().newConnection());
        }
        AttemptRecord.Server server = attempt.server();
        if (server != null) {
            span.setAttribute(GenAi.SERVER_ADDRESS, server.address());
            span.setAttribute(GenAi.SERVER_PORT, (long) server.port());
        }
        answered(span, attempt.answerId(), attempt.answeredModel(), attempt.requestId());
        usage(span, attempt.usage(), served ? call.costNanoUsd() : null);
        if (served) {
            finish(span, call.finish(), call.clientGone());
        }
        if (call.stream() && attempt.times().firstToken() != 0) {
            span.setAttribute(
                    Langfuse.FIRST_TOKEN,
                    time(call, attempt.times().firstToken()).toString());
            attempt.times().toFirstToken().ifPresent(nanos -> span.setAttribute(GenAi.FIRST_CHUNK, nanos / NANOS));
        }
        if (attempt.error() != null) {
            fail(span, attempt.error().word(), attempt.message(), false);
        } else if (attempt.overtaken()) {
            span.setAttribute(Langfuse.LEVEL, "DEBUG");
            span.setAttribute(Langfuse.MESSAGE, "given up: another attempt was faster");
        }
        span.end(time(
                call,
                attempt.times().ended() == 0
                        ? call.times().done()
                        : attempt.times().ended()));
    }

    private static long began(CallRecord call, AttemptRecord attempt) {
        return attempt.times().connecting() == 0
                ? call.times().received()
                : attempt.times().connecting();
    }

    /** Totals are inclusive, as the conventions have them: cached tokens are part of the input. */
    private static void usage(Span span, @Nullable Usage usage, @Nullable Long costNanoUsd) {
        if (usage != null) {
            put(span, GenAi.INPUT_TOKENS, usage.promptTokens());
            put(span, GenAi.OUTPUT_TOKENS, usage.completionTokens());
            usage.details().forEach((detail, count) -> span.setAttribute(GenAi.count(detail), count));
            span.setAttribute(Langfuse.USAGE, Langfuse.usage(usage));
        }
        if (costNanoUsd != null) {
            span.setAttribute(
                    Langfuse.COST,
                    "{\"total\":"
                            + BigDecimal.valueOf(costNanoUsd, 9)
                                    .stripTrailingZeros()
                                    .toPlainString() + "}");
        }
    }

    private static void finish(Span span, @Nullable FinishReason finish, boolean left) {
        if (left) {
            span.setAttribute(GenAi.FINISH_REASONS, List.of("cancelled"));
        } else if (finish != null) {
            span.setAttribute(GenAi.FINISH_REASONS, List.of(finish.wire()));
        }
    }

    /** @param left a client that leaves is a warning, no error of anybody's */
    private static void fail(Span span, String type, @Nullable String message, boolean left) {
        span.setAttribute(GenAi.ERROR, type);
        span.setAttribute(Langfuse.LEVEL, left ? "WARNING" : "ERROR");
        put(span, Langfuse.MESSAGE, message);
        span.setStatus(StatusCode.ERROR, message == null ? "" : message);
    }

    private static String name(String operation, @Nullable String model) {
        return model == null ? operation : operation + ' ' + model;
    }

    private static Instant time(CallRecord call, long nanos) {
        return call.received().plusNanos(nanos - call.times().received());
    }

    private static <T> void put(Span span, AttributeKey<T> key, @Nullable T value) {
        if (value != null) {
            span.setAttribute(key, value);
        }
    }

    private static <T> void put(AttributesBuilder to, AttributeKey<T> key, @Nullable T value) {
        if (value != null) {
            to.put(key, value);
        }
    }
}
