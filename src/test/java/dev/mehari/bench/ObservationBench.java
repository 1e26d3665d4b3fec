package dev.mehari.bench;

import dev.mehari.config.RequestLogSettings;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Records;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.ModelNames;
import dev.mehari.usage.log.RequestLogWriter;
import dev.mehari.usage.metrics.CallMeters;
import dev.mehari.usage.metrics.LatencyBoard;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** What telling of one call costs: meters, percentiles, and a row in SQLite from the queue to the disk. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ObservationBench {
    private static final int ROWS = 5000;

    private final ModelNames models = new ModelNames(Set.of("gpt-4o"), 100);
    private final CallRecord call = Records.plain("req_0123456789abcdefghij");
    private final CallMeters meters = new CallMeters(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), models);
    private LatencyBoard board;
    private Database database;
    private RequestLogWriter writer;

    @Setup
    public void open() {
        board = new LatencyBoard(models);
        try {
            Path file = Files.createTempDirectory("bench").resolve("log.db");
            database = new Database(DatabaseAddress.of("jdbc:sqlite:" + file), Duration.ofSeconds(5));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        RequestLogSettings settings = new RequestLogSettings(true, 2 * ROWS, Duration.ofDays(30), 0);
        writer = new RequestLogWriter(database, settings, null, null, models);
    }

    @TearDown
    public void close() {
        writer.close();
        board.close();
        database.close();
        if (writer.status().dropped() > 0) {
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

    /** All that its own thread does for a row, the waiting of 200 ms for others included once in so many. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void rows() {
        for (int i = 0; i < ROWS; i++) {
            writer.ended(call, null);
        }
        while (writer.status().waiting() > 0) {
            LockSupport.parkNanos(100_000);
        }
    }
}
