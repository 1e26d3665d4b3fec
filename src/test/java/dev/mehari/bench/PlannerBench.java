package dev.mehari.bench;

import dev.mehari.routing.Abilities;
import dev.mehari.routing.Cooldown;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.DeploymentLedger;
import dev.mehari.routing.DeploymentLedger.Limits;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.LocalLedger;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.Needs;
import dev.mehari.routing.Plan;
import dev.mehari.routing.Planner;
import dev.mehari.routing.ProviderStatus;
import dev.mehari.routing.Rules;
import dev.mehari.routing.Sticky;
import dev.mehari.routing.Strategy;
import dev.mehari.routing.Trial;
import dev.mehari.routing.Weighted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What finding a deployment costs: the plan, and all that is kept of an attempt on the way. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlannerBench {
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();
    private static final Needs NEEDS = new Needs(500, 1000, true, false, true, "session-1");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final InstantSource clock = InstantSource.system();
    private final Deployments deployments = new Deployments(Cooldown.DEFAULTS, clock);
    private final DeploymentLedger ledger = new LocalLedger(clock);
    private final Planner planner = new Planner(new AllUp(), clock);
    private final Deployment only = Deployment.only("openai", "gpt-4o");

    private final ModelGroup three = group(
            new Weighted(RANDOM),
            Deployment.of("openai", "gpt-4o", 3, 1),
            Deployment.of("azure-east", "prod-4o", 1, 1),
            Deployment.of("anthropic", "claude", 1, 2));

    private final ModelGroup limited = group(
            new Weighted(RANDOM),
            limited("openai", 3, 1),
            limited("azure-east", 1, 1),
            limited("azure-west", 1, 1),
            limited("anthropic", 1, 2));

    private final ModelGroup sticky = group(
            new Sticky(new Weighted(RANDOM)),
            limited("openai", 3, 1),
            limited("azure-east", 1, 1),
            limited("azure-west", 1, 1));

    private record AllUp() implements ProviderStatus {
        @Override
        public boolean isAvailable(String provider) {
            return true;
        }

        @Override
        public long shutUntilMillis(String provider) {
            return 0;
        }
    }

    private static Deployment limited(String provider, int weight, int priority) {
        return new Deployment(
                provider + "-limited",
                provider,
                "m",
                weight,
                priority,
                new Limits(1_000_000_000, 1_000_000_000_000L, 1000),
                new Abilities(128_000, true, true));
    }

    private ModelGroup group(Strategy strategy, Deployment... members) {
        return new ModelGroup(
                "group",
                Stream.of(members)
                        .map(member -> new ModelGroup.Member(member, deployments.of(member)))
                        .toList(),
                strategy,
                Rules.DEFAULTS);
    }

    @Benchmark
    public Object planOne() {
        return planner.only(only, deployments.of(only), NEEDS).candidates();
    }

    @Benchmark
    public Object planThree() {
        return planner.plan(three, NEEDS).candidates();
    }

    @Benchmark
    public Object planFourWithLimits() {
        return planner.plan(limited, NEEDS).candidates();
    }

    @Benchmark
    public Object planSticky() {
        return planner.plan(sticky, NEEDS).candidates();
    }

    /** From the plan to the end of an answer, with everything that health, limits and numbers keep of it. */
    @Benchmark
    public Object wholeAttemptWithLimits() {
        Plan plan = planner.plan(limited, NEEDS);
        DeploymentLedger.Outcome outcome = ledger.reserve(plan.candidates(), plan.tokens(), LEASE);
        if (outcome instanceof DeploymentLedger.Outcome.Reserved reserved) {
            Trial trial = plan.take(reserved.reservation().deployment()).state().begin(false);
            trial.sent();
            trial.answers(true);
            trial.succeeded(true);
            ledger.settle(reserved.reservation(), 900L);
            return List.of(trial);
        }
        throw new IllegalStateException("the limits are wide");
    }
}
