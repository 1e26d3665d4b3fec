package dev.mehari.usage;

import dev.mehari.chat.RequestFacts;
import java.time.Duration;
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

    private final boolean structured;
    private final ContentText content = new ContentText(Redaction::of);
    private final Queue<CallRecord> queue = new ConcurrentLinkedQueue<>();
    private final ContentRoom said = new ContentRoom();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closing;

    /**
     * Starts its thread.
     *
     * @param structured whether logs have fields; lines of text cost half as much without
     */
    public CallLog(boolean structured) {
        this.structured = structured;
        this.thread = Thread.ofPlatform().name("call-log").daemon().start(this::run);
    }

    /** Whether what is said in calls is to be logged. */
    public static boolean wantsMessages() {
        return messages.isDebugEnabled();
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        if (!calls.isInfoEnabled() && !(call.content() != null && wantsMessages())) {
            return;
        }
        if (waiting.getAndIncrement() >= ROOM || closing) {
            waiting.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(wantsMessages() ? said.enter(call) : call.withoutContent());
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Lines lost since the start. */
    public long dropped() {
        return dropped.sum();
    }

    /** Lines that are not written yet. */
    public int waiting() {
        return waiting.get();
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
                said.leave(call);
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
            CallContent body = call.content();
            if (body != null && wantsMessages()) {
                messages.debug("[{}] asked: {}", call.requestId(), message(body.request(), body.requestBytes()));
                messages.debug("[{}] answered: {}", call.requestId(), message(body.response(), body.responseBytes()));
            }
        } catch (RuntimeException | Error defect) {
            dropped.increment();
        }
    }

    /** On one line: with line breaks of its own it could pass for lines of ours. */
    private String message(byte[] captured, long bytes) {
        return PlainText.escaped(content.of(captured, bytes));
    }

    private void line(CallRecord call) {
        String text = CallLine.text(call);
        if (structured) {
            LoggingEventBuilder line = calls.atInfo();
            CallLine.fields(call, (name, value) -> {
                // It gives itself back.
                var unused = line.addKeyValue(name, value);
            });
            line.log(text);
        } else {
            calls.info(text);
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
