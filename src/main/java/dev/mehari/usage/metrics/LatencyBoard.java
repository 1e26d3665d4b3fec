package dev.mehari.usage.metrics;

import dev.mehari.chat.RequestFacts;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ModelNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Percentiles of the times of calls, for each provider and model and for all together, over three windows. A thread of its
 * own keeps the windows moving until it is closed. Thread-safe.
 */
public final class LatencyBoard implements CallObserver, AutoCloseable {
    private static final Duration STEP = Duration.ofSeconds(5);

    private final ModelNames models;
    private final Map<Key, Row> rows = new ConcurrentHashMap<>();
    private final Thread mover;

    private record Key(String provider, String model) implements Comparable<Key> {
        private static final Comparator<Key> BY_NAME =
                Comparator.comparing(Key::provider).thenComparing(Key::model);

        @Override
        public int compareTo(Key other) {
            return BY_NAME.compare(this, other);
        }
    }

    /** What is measured; docs/observability.md explains each. */
    private enum Time {
        TOTAL,
        FIRST_BYTE,
        FIRST_TOKEN,
        UPSTREAM,
        OVERHEAD,
        CONNECT,
        /** No time, but kept like one: thousandths of tokens for microseconds. */
        TOKENS_PER_SECOND;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    /** The times of one model. */
    private static final class Row {
        private final RollingTimes[] times =
                Stream.generate(RollingTimes::new).limit(Time.values().length).toArray(RollingTimes[]::new);

        RollingTimes of(Time time) {
            return times[time.ordinal()];
        }

        void settle(long second) {
            for (RollingTimes rolling : times) {
                rolling.settle(second);
            }
        }
    }

    public LatencyBoard(ModelNames models) {
        this.models = models;
        this.mover = Thread.ofVirtual().name("latency-windows").start(this::move);
    }

    private void move() {
        try {
            while (true) {
                Thread.sleep(STEP);
                long second = second();
                rows.values().forEach(row -> row.settle(second));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static long second() {
        return System.nanoTime() / 1_000_000_000;
    }

    /** Of calls that somebody was asked for; a refusal has no latency to speak of. */
    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        AttemptRecord served = call.served();
        if (served != null && served.wasBegun()) {
            Key key = new Key(served.provider(), models.of(served));
            Row row = rows.get(key);
            add(row == null ? rows.computeIfAbsent(key, unseen -> new Row()) : row, call, served);
        }
    }

    private static void add(Row row, CallRecord call, AttemptRecord served) {
        row.of(Time.TOTAL).add(call.times().total());
        row.of(Time.UPSTREAM).add(call.upstreamNanos());
        call.times().toFirstByte().ifPresent(row.of(Time.FIRST_BYTE)::add);
        call.toFirstTokenNanos().ifPresent(row.of(Time.FIRST_TOKEN)::add);
        call.overheadNanos().ifPresent(row.of(Time.OVERHEAD)::add);
        served.times().toConnect().ifPresent(row.of(Time.CONNECT)::add);
        call.tokensPerSecond().ifPresent(rate -> row.of(Time.TOKENS_PER_SECOND).add(Math.round(rate * 1e6)));
    }

    /** As {@code GET /metrics/latency} shows it: plain maps, times in milliseconds. */
    public Map<String, Object> tell() {
        long second = second();
        Map<Key, Row> present = new TreeMap<>(rows);
        List<Object> told = new ArrayList<>();
        present.forEach((key, row) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("provider", key.provider());
            one.put("model", key.model());
            one.putAll(windows(List.of(row), second));
            told.add(one);
        });
        Map<String, Object> board = new LinkedHashMap<>();
        board.put("unit", "ms");
        // Summed here, where somebody asks, and not kept: calls would pay for it.
        board.put("overall", windows(present.values(), second));
        board.put("models", told);
        return board;
    }

    private static Map<String, Object> windows(Collection<Row> rows, long second) {
        Map<String, Object> windows = new LinkedHashMap<>();
        for (RollingTimes.Window window : RollingTimes.Window.values()) {
            Map<String, Object> times = new LinkedHashMap<>();
            for (Time time : Time.values()) {
                Histogram sum = RollingTimes.none();
                rows.forEach(row -> row.of(time).addTo(sum, window, second));
                times.put(time.word, percentiles(sum));
            }
            windows.put(window.word(), times);
        }
        return windows;
    }

    private static Map<String, @Nullable Object> percentiles(Histogram times) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        long count = times.getTotalCount();
        told.put("count", count);
        told.put("p50", count == 0 ? null : (Double) (times.getValueAtPercentile(50) / 1000.0));
        told.put("p90", count == 0 ? null : (Double) (times.getValueAtPercentile(90) / 1000.0));
        told.put("p95", count == 0 ? null : (Double) (times.getValueAtPercentile(95) / 1000.0));
        told.put("p99", count == 0 ? null : (Double) (times.getValueAtPercentile(99) / 1000.0));
        told.put("max", count == 0 ? null : (Double) (times.getMaxValue() / 1000.0));
        return told;
    }

    @Override
    public void close() {
        mover.interrupt();
    }
}
