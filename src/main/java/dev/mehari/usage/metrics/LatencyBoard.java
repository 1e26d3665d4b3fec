package dev.mehari.usage.metrics;

import dev.mehari.chat.RequestFacts;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ModelNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Percentiles of the times of calls, for each provider and model and for all together, over three windows. A thread of its
 * own keeps the windows moving until it is closed. Thread-safe.
 */
public final class LatencyBoard implements CallObserver, AutoCloseable {
    private static final Duration STEP = Duration.ofSeconds(5);

    private final ModelNames models;
    private final Row overall = new Row();
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

    /** The times that are kept, each as docs/observability.md explains it. */
    private static final class Row {
        final RollingTimes total = new RollingTimes();
        final RollingTimes firstByte = new RollingTimes();
        final RollingTimes firstToken = new RollingTimes();
        final RollingTimes upstream = new RollingTimes();
        final RollingTimes overhead = new RollingTimes();
        final RollingTimes connect = new RollingTimes();

        Map<String, RollingTimes> named() {
            Map<String, RollingTimes> named = new LinkedHashMap<>();
            named.put("total", total);
            named.put("first_byte", firstByte);
            named.put("first_token", firstToken);
            named.put("upstream", upstream);
            named.put("overhead", overhead);
            named.put("connect", connect);
            return named;
        }

        void settle(long second) {
            total.settle(second);
            firstByte.settle(second);
            firstToken.settle(second);
            upstream.settle(second);
            overhead.settle(second);
            connect.settle(second);
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
                overall.settle(second);
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
        if (served != null) {
            add(overall, call, served);
            Key key = new Key(served.provider(), models.of(served));
            Row row = rows.get(key);
            add(row == null ? rows.computeIfAbsent(key, unseen -> new Row()) : row, call, served);
        }
    }

    private static void add(Row row, CallRecord call, AttemptRecord served) {
        row.total.add(call.times().total());
        row.upstream.add(call.upstreamNanos());
        call.times().toFirstByte().ifPresent(row.firstByte::add);
        call.toFirstTokenNanos().ifPresent(row.firstToken::add);
        call.overheadNanos().ifPresent(row.overhead::add);
        served.times().toConnect().ifPresent(row.connect::add);
    }

    /** As {@code GET /metrics/latency} shows it: plain maps, times in milliseconds. */
    public Map<String, Object> tell() {
        long second = second();
        List<Object> told = new ArrayList<>();
        new TreeMap<>(rows).forEach((key, row) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("provider", key.provider());
            one.put("model", key.model());
            one.putAll(windows(row, second));
            told.add(one);
        });
        Map<String, Object> board = new LinkedHashMap<>();
        board.put("unit", "ms");
        board.put("overall", windows(overall, second));
        board.put("models", told);
        return board;
    }

    private static Map<String, Object> windows(Row row, long second) {
        Map<String, Object> windows = new LinkedHashMap<>();
        for (RollingTimes.Window window : RollingTimes.Window.values()) {
            Map<String, Object> times = new LinkedHashMap<>();
            row.named().forEach((name, rolling) -> times.put(name, percentiles(rolling.of(window, second))));
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
