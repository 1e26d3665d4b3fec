package dev.mehari.report;

import dev.mehari.access.CallGate;
import dev.mehari.call.Breakers;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.DeploymentState;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import dev.mehari.store.Redis;
import dev.mehari.usage.CallLog;
import dev.mehari.usage.ModelNames;
import dev.mehari.usage.log.LogSize;
import dev.mehari.usage.log.RequestLogWriter;
import dev.mehari.usage.trace.TraceWriter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Meters of what is the case at present: read when somebody scrapes, so that calls pay nothing for them. Thread-safe. */
@Component
final class StateMeters {
    /** What a deployment or a breaker may be; one of them is 1 and the others are 0. */
    private static final List<String> DEPLOYMENT_STATES =
            List.of("healthy", "cooling", "half_open", "recovering", "limited", "circuit_open");

    private static final List<String> BREAKER_STATES = List.of("closed", "half_open", "open");

    private final MeterRegistry registry;
    private final Deployments deployments;
    private final Breakers breakers;
    private final ModelNames models;
    private final Set<String> grouped = new HashSet<>();
    private final Set<String> metered = ConcurrentHashMap.newKeySet();

    StateMeters(
            MeterRegistry registry,
            CallGate gate,
            ModelGroups groups,
            Deployments deployments,
            Breakers breakers,
            Providers providers,
            ModelNames models,
            ObjectProvider<Redis> redis,
            CallLog lines,
            ObjectProvider<RequestLogWriter> log,
            ObjectProvider<TraceWriter> traces) {
        this.registry = registry;
        this.deployments = deployments;
        this.breakers = breakers;
        this.models = models;
        for (ModelGroup group : groups.all()) {
            group.members().forEach(member -> grouped.add(member.deployment().name()));
        }
        gate(gate);
        for (Provider provider : providers.all()) {
            breaker(provider.name());
        }
        redis.ifAvailable(shared -> Gauge.builder(
                        "mehari.redis.up", shared, known -> known.status().there() ? 1 : 0)
                .description("Whether Redis answers")
                .register(registry));
        log.ifAvailable(this::log);
        traces.ifAvailable(this::traces);
        FunctionCounter.builder("mehari.call.log.dropped", lines, CallLog::dropped)
                .description("Log lines that found no room")
                .register(registry);
    }

    private void gate(CallGate gate) {
        Gauge.builder("mehari.calls.in.flight", gate, CallGate::inside)
                .description("Calls in flight")
                .register(registry);
        Gauge.builder("mehari.calls.waiting", gate, CallGate::waiting)
                .description("Calls that wait to be let in")
                .register(registry);
        Gauge.builder("mehari.calls.limit", gate, CallGate::limit)
                .description("Calls that may be in flight")
                .register(registry);
    }

    private void breaker(String provider) {
        for (String state : BREAKER_STATES) {
            Gauge.builder("mehari.circuit.breaker.state", breakers, known -> isIn(known, provider, state))
                    .description("1 for the state that the provider's circuit breaker is in")
                    .tag("provider", provider)
                    .tag("state", state)
                    .register(registry);
        }
    }

    private static int isIn(Breakers breakers, String provider, String state) {
        return breakers.state(provider).equals(state) ? 1 : 0;
    }

    private void log(RequestLogWriter writer) {
        Gauge.builder("mehari.request.log.waiting", writer, log -> log.status().waiting())
                .description("Rows that are not written yet")
                .register(registry);
        Gauge.builder("mehari.request.log.up", writer, log -> log.status().there() ? 1 : 0)
                .description("Whether the database took the last rows")
                .register(registry);
        Gauge.builder("mehari.request.log.rows", writer, log -> size(log, LogSize::rows))
                .description("Rows that there are, counted once a minute")
                .register(registry);
        Gauge.builder("mehari.request.log.bytes", writer, log -> size(log, LogSize::bytes))
                .description("What they take of the database, about")
                .register(registry);
        FunctionCounter.builder("mehari.request.log.written", writer, log -> log.status()
                        .written())
                .description("Rows written")
                .register(registry);
        FunctionCounter.builder("mehari.request.log.dropped", writer, log -> log.status()
                        .dropped())
                .description("Rows lost: too many at once, or the database was away for too long")
                .register(registry);
    }

    private static double size(RequestLogWriter log, ToDoubleFunction<LogSize> of) {
        LogSize size = log.status().size();
        return size == null ? Double.NaN : of.applyAsDouble(size);
    }

    private void traces(TraceWriter writer) {
        Gauge.builder("mehari.traces.up", writer, traces -> traces.status().well() ? 1 : 0)
                .description("Whether the backends of traces take them")
                .register(registry);
        Gauge.builder("mehari.traces.waiting", writer, traces -> traces.status().waiting())
                .description("Calls whose traces wait to be sent")
                .register(registry);
        FunctionCounter.builder(
                        "mehari.traces.sent", writer, traces -> traces.status().calls())
                .description("Calls whose traces were taken")
                .register(registry);
        FunctionCounter.builder("mehari.traces.dropped", writer, traces -> traces.status()
                        .dropped())
                .description("Calls whose traces found no room")
                .register(registry);
        FunctionCounter.builder("mehari.traces.failed", writer, traces -> traces.status()
                        .failed())
                .description("Calls whose traces no backend took")
                .register(registry);
    }

    /** Meters deployments that nobody has metered yet: of groups, and those whose models are told apart. */
    void discover() {
        deployments.all().forEach((name, state) -> {
            int slash = name.indexOf('/');
            String model = name.substring(slash + 1);
            boolean known = grouped.contains(name)
                    || (slash > 0 && models.of(model, false).equals(model));
            if (known && metered.add(name)) {
                deployment(name, slash < 0 ? "" : name.substring(0, slash), state);
            }
        });
    }

    private void deployment(String name, String provider, DeploymentState deployment) {
        Tags tags = Tags.of("deployment", name);
        for (String state : DEPLOYMENT_STATES) {
            Gauge.builder("mehari.deployment.state", deployment, known -> isIn(known, provider, state))
                    .description("1 for the state that the deployment is in")
                    .tags(tags.and("state", state))
                    .register(registry);
        }
        Gauge.builder("mehari.deployment.in.flight", deployment, known -> known.stats()
                        .inFlight())
                .description("Attempts under way at the deployment")
                .tags(tags)
                .register(registry);
        Gauge.builder("mehari.deployment.error.rate", deployment, known -> known.health()
                        .errorRate())
                .description("From 0 to 1, of about the last twenty attempts")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("mehari.deployment.cooldowns", deployment, known -> known.stats()
                        .evictions())
                .description("How often it was left out")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("mehari.deployment.retries", deployment, known -> known.stats()
                        .retries())
                .description("How often it was asked once more")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("mehari.deployment.failovers", deployment, known -> known.stats()
                        .failovers())
                .description("How often a call went on to another one")
                .tags(tags)
                .register(registry);
    }

    private int isIn(DeploymentState deployment, String provider, String state) {
        return DeploymentReport.state(deployment, breakers.state(provider)).equals(state) ? 1 : 0;
    }
}
