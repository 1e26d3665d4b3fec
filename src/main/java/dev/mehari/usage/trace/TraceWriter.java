package dev.mehari.usage.trace;

import dev.mehari.chat.RequestFacts;
import dev.mehari.usage.CallContent;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ContentRoom;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells finished calls to tracing backends: a bounded queue, and one thread that makes spans of what is in it and sends them
 * in batches. A backend that is slow or away costs no call anything; what finds the queue full is dropped and counted.
 * Thread-safe.
 */
public final class TraceWriter implements CallObserver, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TraceWriter.class);
    private static final int MOST_CALLS = 256;

    /** Of what was said, in a batch, where all of it stands twice: backends refuse what is longer than a few megabytes. */
    private static final long MOST_SAID_BYTES = 1024 * 1024;

    private static final Duration AT_MOST_LATER = Duration.ofSeconds(1);
    private static final Duration SENDING = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final BlockingQueue<Told> queue;
    private final SpanExporter exporter;
    private final @Nullable UnaryOperator<String> redaction;
    private final ContentRoom said = new ContentRoom();
    private final CallSpans spans;
    private final List<SpanData> made = new ArrayList<>();
    private final SdkTracerProvider provider;
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean well = true;
    private volatile boolean closed;

    private record Told(CallRecord call, Asked asked) {}

    /**
     * @param calls sent, so far
     * @param dropped because the queue was full
     * @param failed could not be sent
     * @param waiting in the queue
     * @param well whether the last batch went through
     */
    public record Status(long calls, long dropped, long failed, int waiting, boolean well) {}

    /**
     * @param resource who the spans come from
     * @param environment null: not told
     * @param most calls that may wait
     * @param redaction of what was said; null: none of it is told, though it be there for the log
     */
    public TraceWriter(
            SpanExporter exporter,
            Resource resource,
            @Nullable String environment,
            int most,
            @Nullable UnaryOperator<String> redaction) {
        this.exporter = exporter;
        this.queue = new ArrayBlockingQueue<>(most);
        this.redaction = redaction;
        GivenIds ids = new GivenIds();
        this.provider = SdkTracerProvider.builder()
                .setIdGenerator(ids)
                .setResource(resource)
                .addSpanProcessor(new Collector())
                .build();
        this.spans = new CallSpans(provider.get("mehari"), ids, environment);
        this.thread = Thread.ofPlatform().name("traces").daemon().start(this::run);
    }

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        if (queue.remainingCapacity() == 0) {
            dropped.incrementAndGet();
            return;
        }
        CallRecord fits = redaction == null ? call.withoutContent() : said.enter(call);
        if (!queue.offer(new Told(fits, Asked.of(request)))) {
            said.leave(fits);
            dropped.incrementAndGet();
        }
    }

    public Status status() {
        return new Status(sent.get(), dropped.get(), failed.get(), queue.size(), well);
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            try {
                int calls = take();
                if (calls > 0) {
                    send(calls);
                }
            } catch (InterruptedException closing) {
                // Closed: what is left is sent without waiting for more.
            } catch (RuntimeException | Error defect) {
                log.error("a trace could not be made", defect);
            }
        }
    }

    /** Makes spans of what has come; waits a moment for more, so that they travel together. */
    private int take() throws InterruptedException {
        made.clear();
        long until = System.nanoTime() + AT_MOST_LATER.toNanos();
        int calls = 0;
        long bytes = 0;
        while (calls < MOST_CALLS && bytes < MOST_SAID_BYTES) {
            Told told = closed ? queue.poll() : queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (told == null) {
                break;
            }
            calls++;
            bytes += make(told.call(), told.asked());
        }
        return calls;
    }

    /** Tells how long is what was said. */
    private long make(CallRecord call, Asked asked) {
        said.leave(call);
        CallContent content = call.content();
        if (content == null || redaction == null) {
            spans.make(call, asked, null);
            return 0;
        }
        spans.make(call, asked, Conversation.of(content, redaction));
        return content.held();
    }

    private void send(int calls) {
        CompletableResultCode result = exporter.export(List.copyOf(made));
        result.join((closed ? LAST_WORDS : SENDING).toMillis(), TimeUnit.MILLISECONDS);
        boolean went = result.isSuccess();
        (went ? sent : failed).addAndGet(calls);
        if (went != well) {
            log.warn(
                    went
                            ? "traces are sent again"
                            : "traces cannot be sent; calls go on, traces are lost until they can");
        }
        well = went;
    }

    /** Sends what waits, for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(LAST_WORDS.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        exporter.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        provider.close();
    }

    /** Gathers what the one thread makes. */
    private final class Collector implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            made.add(span.toSpanData());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
