package dev.mehari.report;

import dev.mehari.call.Breakers;
import dev.mehari.chat.SteadyClock;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.DeploymentHealth;
import dev.mehari.routing.DeploymentState;
import dev.mehari.routing.DeploymentStats;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.Histogram;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import dev.mehari.store.Redis;
import dev.mehari.store.RedisStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What {@code GET /stats} tells: how each deployment of each group fares, and the models that were asked for without a
 * group. docs/routing.md explains the fields. The route marshals the maps as JSON.
 */
@Component("deploymentReport")
public final class DeploymentReport {
    private final ModelGroups groups;
    private final Deployments deployments;
    private final Breakers breakers;
    private final @Nullable Redis redis;
    private final ObjectProvider<ReportPart> parts;

    /** @param redis not there when replicas share nothing */
    DeploymentReport(
            ModelGroups groups,
            Deployments deployments,
            Breakers breakers,
            ObjectProvider<Redis> redis,
            ObjectProvider<ReportPart> parts) {
        this.groups = groups;
        this.deployments = deployments;
        this.breakers = breakers;
        this.redis = redis.getIfAvailable();
        this.parts = parts;
    }

    @Handler
    public Map<String, Object> tell() {
        Set<String> grouped = new HashSet<>();
        List<Object> told = new ArrayList<>();
        for (ModelGroup group : groups.all()) {
            told.add(group(group, grouped));
        }
        List<Object> models = new ArrayList<>();
        deployments.all().forEach((name, state) -> {
            if (!grouped.contains(name)) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("name", name);
                // One with a name of its own may have left its group since.
                int slash = name.indexOf('/');
                entry.put("provider", slash < 0 ? null : name.substring(0, slash));
                entry.put("model", slash < 0 ? null : name.substring(slash + 1));
                fill(entry, state);
                models.add(entry);
            }
        });
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("groups", told);
        report.put("models", models);
        report.put("redis", redis == null ? null : told(redis.status()));
        parts.orderedStream().forEach(part -> report.put(part.name(), part.tell()));
        return report;
    }

    /** Without the reason: it may name an address. */
    private static Map<String, Object> told(RedisStatus status) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("state", status.there() ? "shared" : "away");
        told.put("since", status.since().toString());
        told.put("losses", status.losses());
        told.put("unanswered", status.unanswered());
        return told;
    }

    private Map<String, Object> group(ModelGroup group, Set<String> grouped) {
        List<Object> members = new ArrayList<>();
        for (ModelGroup.Member member : group.members()) {
            Deployment deployment = member.deployment();
            grouped.add(deployment.name());
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", deployment.name());
            entry.put("provider", deployment.provider());
            entry.put("model", deployment.model());
            entry.put("weight", deployment.weight());
            entry.put("priority", deployment.priority());
            fill(entry, member.state());
            members.add(entry);
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", group.name());
        told.put("aliases", aliases(group));
        told.put("strategy", group.strategy().name());
        told.put("deployments", members);
        return told;
    }

    private List<String> aliases(ModelGroup group) {
        return groups.names().stream()
                .filter(name -> !name.equals(group.name()) && group.equals(groups.find(name)))
                .toList();
    }

    private void fill(Map<String, Object> entry, DeploymentState state) {
        DeploymentStats stats = state.stats();
        DeploymentHealth health = state.health();
        String breaker = breakers.state(String.valueOf(entry.get("provider")));
        entry.put("state", state(state, breaker));
        entry.put("circuit_breaker", breaker);
        entry.put("cooldown_until", shown(health.coolUntil()));
        entry.put("in_flight", stats.inFlight());
        entry.put("attempts", stats.attempts());
        entry.put("successes", stats.successes());
        entry.put("failures", new TreeMap<>(stats.failures()));
        entry.put("error_rate", rounded(health.errorRate()));
        entry.put("failovers", stats.failovers());
        entry.put("retries", stats.retries());
        entry.put("cooldowns", stats.evictions());
        DeploymentState.Allowance left = state.allowance();
        entry.put("upstream_remaining_requests", left.requests());
        entry.put("upstream_requests_reset", shown(left.requestsReset()));
        entry.put("upstream_remaining_tokens", left.tokens());
        entry.put("upstream_tokens_reset", shown(left.tokensReset()));
        entry.put("latency_ms", percentiles(stats.latency()));
        entry.put("first_token_ms", percentiles(stats.firstToken()));
    }

    /** In one word, for those who look. */
    static String state(DeploymentState state, String breaker) {
        if (breaker.equals("open")) {
            return "circuit_open";
        }
        DeploymentHealth.State health = state.health().state();
        boolean well = health == DeploymentHealth.State.HEALTHY || health == DeploymentHealth.State.RECOVERING;
        return well && state.dueIn().isPositive() ? "limited" : health.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String shown(@Nullable Instant steady) {
        return steady == null ? null : SteadyClock.OF_PROCESS.onWall(steady).toString();
    }

    private static @Nullable Map<String, Double> percentiles(Histogram histogram) {
        double[] times = histogram.percentiles(0.5, 0.95, 0.99);
        if (times.length == 0) {
            return null;
        }
        Map<String, Double> told = new LinkedHashMap<>();
        told.put("p50", rounded(times[0]));
        told.put("p95", rounded(times[1]));
        told.put("p99", rounded(times[2]));
        return told;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
