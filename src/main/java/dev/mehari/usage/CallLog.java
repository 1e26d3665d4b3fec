package dev.mehari.usage;

import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line a call, at INFO of {@code dev.mehari.calls}, and what was said in it at DEBUG of
 * {@code dev.mehari.messages}, always redacted. The line reads as text; in structured logs its parts are fields. Written on
 * a thread of its own, as an event loop must not wait for a console: lines that find no room are dropped and counted.
 * Thread-safe.
 */
public final class CallLog implements CallObserver, AutoCloseable {
    private static final Logger calls = LoggerFactory.getLogger("dev.mehari.calls");
    private static final Logger messages = LoggerFactory.getLogger("dev.mehari.messages");

    private static final int ROOM = 10_000;
    private static final long GATHER_NANOS = Duration.ofMillis(50).toNanos();
    private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

    private final ContentText content = new ContentText(Redaction::of);
    private final Queue<CallRecord> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closing;

    /** Starts its thread. */
    public CallLog() {
        this.thread = Thread.ofPlatform().name("call-log").daemon().start(this::run);
    }

    /** Whether what is said in calls is to be logged. */
    public static boolean wantsMessages() {
        return messages.isDebugEnabled();
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        if (!calls.isInfoEnabled()) {
            return;
        }
        if (waiting.getAndIncrement() >= ROOM || closing) {
            waiting.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(call);
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Lines lost since the start. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            idle = true;
            if (queue.isEmpty() && !closing) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
            idle = false;
            for (CallRecord call = queue.poll(); call != null; call = queue.poll()) {
                waiting.decrementAndGet();
                log(call);
            }
            if (!closing) {
                // One wake-up for several calls.
                LockSupport.parkNanos(this, GATHER_NANOS);
            }
        }
    }

    private void log(CallRecord call) {
        try {
            line(call);
            CallContent said = call.content();
            if (said != null && messages.isDebugEnabled()) {
                messages.debug("[{}] asked: {}", call.requestId(), content.of(said.request(), said.requestBytes()));
                messages.debug(
                        "[{}] answered: {}", call.requestId(), content.of(said.response(), said.responseBytes()));
            }
        } catch (RuntimeException defect) {
            dropped.increment();
        }
    }

    private static void line(CallRecord call) {
        AttemptRecord served = call.served();
        StringBuilder text = new StringBuilder(200);
        text.append('[').append(call.requestId()).append("] ").append(call.dialect());
        text.append(' ').append(call.model() == null ? "-" : call.model());
        if (served != null) {
            text.append(" at ").append(served.provider()).append('/').append(served.model());
        }
        text.append(": ").append(call.status());
        LoggingEventBuilder line = calls.atInfo();
        put(line, "request_id", call.requestId());
        put(line, "dialect", call.dialect());
        put(line, "operation", call.operation());
        put(line, "model", call.model());
        put(line, "stream", call.stream());
        put(line, "key", call.key());
        put(line, "team", call.team());
        put(line, "session", call.session());
        put(line, "provider", served == null ? null : served.provider());
        put(line, "upstream_model", served == null ? null : served.model());
        put(line, "deployment", served == null ? null : served.deployment());
        put(line, "attempts", call.attempts().size());
        put(line, "status", call.status());
        if (call.error() != null) {
            text.append(' ').append(call.error().word());
            put(line, "error_type", call.error().word());
            put(line, "error_message", call.message());
        }
        put(line, "finish_reason", call.finish() == null ? null : call.finish().wire());
        put(line, "cache", call.cache() == null ? null : call.cache().name().toLowerCase(Locale.ROOT));
        put(line, "client_gone", call.clientGone());
        time(line, text, "total_ms", " in ", call.times().total());
        call.toFirstTokenNanos().ifPresent(nanos -> time(line, text, "first_token_ms", ", began after ", nanos));
        call.overheadNanos().ifPresent(nanos -> time(line, text, "overhead_ms", ", ours ", nanos));
        if (served != null) {
            put(line, "upstream_ms", millis(call.upstreamNanos()));
        }
        Usage usage = call.usage();
        if (usage != null) {
            text.append(", ").append(usage.promptTokens()).append(" in, ");
            text.append(usage.completionTokens()).append(" out");
            put(line, "prompt_tokens", usage.promptTokens());
            put(line, "completion_tokens", usage.completionTokens());
            put(line, "cached_tokens", usage.cachedTokens());
            put(line, "reasoning_tokens", usage.reasoningTokens());
        }
        put(line, "cost_usd", call.costNanoUsd() == null ? null : (Double) (call.costNanoUsd() / 1e9));
        line.log(text.toString());
    }

    private static void time(LoggingEventBuilder line, StringBuilder text, String name, String before, long nanos) {
        double millis = millis(nanos);
        text.append(before).append(millis).append(" ms");
        put(line, name, millis);
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

    private static void put(LoggingEventBuilder line, String name, @Nullable Object value) {
        if (value != null) {
            // It gives itself back.
            var unused = line.addKeyValue(name, value);
        }
    }

    /** Writes what waits; not longer than a second. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
