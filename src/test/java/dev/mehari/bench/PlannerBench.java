package dev.mehari.bench;

import dev.mehari.routing.Deployment;
import dev.mehari.routing.Planner;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What ordering the deployments of a group costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlannerBench {
    private final Planner planner =
            new Planner(() -> ThreadLocalRandom.current().nextLong());
    private final List<Deployment> one = List.of(Deployment.only("openai", "gpt-4o"));
    private final List<Deployment> three = List.of(
            new Deployment("openai", "gpt-4o", 3, 1),
            new Deployment("azure-east", "prod-4o", 1, 1),
            new Deployment("anthropic", "claude", 1, 2));

    @Benchmark
    public Object planOne() {
        return planner.plan(one);
    }

    @Benchmark
    public Object planThree() {
        return planner.plan(three);
    }
}
