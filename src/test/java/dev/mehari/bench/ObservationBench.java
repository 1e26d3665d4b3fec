package dev.mehari.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.sun.management.OperatingSystemMXBean;
import dev.mehari.config.RequestLogSettings;
import dev.mehari.secrets.Secrets;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Records;
import dev.mehari.usage.CallLog;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.CallTotals;
import dev.mehari.usage.ContentCollector;
import dev.mehari.usage.ModelNames;
import dev.mehari.usage.log.RequestLogWriter;
import dev.mehari.usage.metrics.CallMeters;
import dev.mehari.usage.metrics.LatencyBoard;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * What telling of one call costs: meters, percentiles, totals, a line of text that is masked and written, a row in SQLite from
 * the queue to the disk; and what a chunk costs whose content is captured. {@code everything} prints the CPU time of the whole
 * process for a call, threads of the writers included: that is the figure to compare, its time of wall says little.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ObservationBench {
    private static final int ROWS = 5000;

    /** Spring Boot's for a console, without colours. */
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %5p 12345 --- [%15.15t] %-40.40logger{39} : %m%n";

    private static final String LINE =
            "2026-11-21T17:52:20.303Z  INFO 29762 --- [       call-log] dev.mehari.calls                         :"
                    + " [req_0mwqpgt9g96r3ndmcch7] chat gpt-4o at openai/gpt-4o: 200 in 901.0 ms, began after 111.0 ms,"
                    + " ours 12.0 ms, 100 in, 50 out\n";

    private final ModelNames models = new ModelNames(Set.of("gpt-4o"), 100);
    private final CallRecord call = Records.plain("req_0mwqpgt9g96r3ndmcch7");
    private final CallMeters meters = new CallMeters(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), models);
    private final CallTotals totals = new CallTotals();
    private final Secrets secrets = new Secrets();
    private final byte[] chunk = new byte[200];
    private ContentCollector content = new ContentCollector(new byte[0], 0);
    private LatencyBoard board;
    private Database database;
    private RequestLogWriter writer;
    private CallLog lines;
    private long told;
    private long cpuNanos;

    @Setup
    public void open() {
        board = new LatencyBoard(models);
        try {
            Path file = Files.createTempDirectory("bench").resolve("log.db");
            database = new Database(DatabaseAddress.of("jdbc:sqlite:" + file), Duration.ofSeconds(5));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        RequestLogSettings settings =
                new RequestLogSettings(true, 2 * ROWS, Duration.ofDays(30), 0, DataSize.ofBytes(0));
        writer = new RequestLogWriter(database, settings, null, null, models);
        secrets.add(List.of("sk-upstream-0123456789", "sk-mehari-bench-0123456789abcdef"));
        log();
        lines = new CallLog(false);
    }

    private void log() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("ROOT").setLevel(Level.WARN);
        PatternLayoutEncoder pattern = new PatternLayoutEncoder() {
            @Override
            public byte[] encode(ILoggingEvent event) {
                byte[] line = super.encode(event);
                String text = new String(line, java.nio.charset.StandardCharsets.UTF_8);
                return secrets.without(text).equals(text) ? line : new byte[0];
            }
        };
        pattern.setContext(context);
        pattern.setPattern(PATTERN);
        pattern.start();
        OutputStreamAppender<ILoggingEvent> nowhere = new OutputStreamAppender<>();
        nowhere.setContext(context);
        nowhere.setEncoder(pattern);
        nowhere.setOutputStream(OutputStream.nullOutputStream());
        nowhere.start();
        Logger calls = context.getLogger("dev.mehari.calls");
        calls.setLevel(Level.INFO);
        calls.setAdditive(false);
        calls.addAppender(nowhere);
    }

    @Setup(org.openjdk.jmh.annotations.Level.Iteration)
    public void begin() {
        told = 0;
        cpuNanos = cpu();
        content = new ContentCollector(new byte[0], 64 * 1024);
    }

    @TearDown(org.openjdk.jmh.annotations.Level.Iteration)
    public void tell() {
        if (told > 0) {
            System.out.printf("%.1f µs CPU a call%n", (cpu() - cpuNanos) / 1e3 / told);
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    @TearDown
    public void close() {
        writer.close();
        lines.close();
        board.close();
        database.close();
        if (writer.status().dropped() > 0 || lines.dropped() > 0) {
            throw new IllegalStateException("measured something else: " + writer.status());
        }
    }

    @Benchmark
    public void meters() {
        meters.ended(call, null);
    }

    @Benchmark
    public void percentiles() {
        board.ended(call, null);
    }

    @Benchmark
    public void totals() {
        totals.ended(call, null);
    }

    @Benchmark
    public String masking() {
        return secrets.without(LINE);
    }

    /** Of a stream whose content is captured, up to the limit and beyond. */
    @Benchmark
    public void chunk() {
        content.accept(chunk);
    }

    /** All that its own thread does for a row, the waiting of 200 ms for others included once in so many. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void rows() {
        for (int i = 0; i < ROWS; i++) {
            writer.ended(call, null);
        }
        drain();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void everything() {
        for (int i = 0; i < ROWS; i++) {
            meters.ended(call, null);
            board.ended(call, null);
            totals.ended(call, null);
            lines.ended(call, null);
            writer.ended(call, null);
        }
        drain();
        told += ROWS;
    }

    private void drain() {
        while (writer.status().waiting() > 0 || lines.waiting() > 0) {
            LockSupport.parkNanos(100_000);
        }
    }
}
