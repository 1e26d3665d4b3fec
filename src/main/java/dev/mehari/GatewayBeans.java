package dev.mehari;

import dev.mehari.access.AdaptiveLimit;
import dev.mehari.access.CallGate;
import dev.mehari.access.ClientKeys;
import dev.mehari.config.KeyVariables;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ServerAddress;
import dev.mehari.config.StartupException;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.ModelGroups;
import dev.mehari.routing.Planner;
import dev.mehari.transport.FaultAnswers;
import dev.mehari.transport.HttpDoors;
import dev.mehari.transport.HttpServers;
import dev.mehari.transport.QueueDelay;
import dev.mehari.transport.ServerSettings;
import dev.mehari.transport.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Puts the rooms together: everything that is not a step or a codec found by its annotation. */
@Configuration(proxyBeanMethods = false)
class GatewayBeans {
    @Bean(destroyMethod = "close")
    Vertx vertx(MehariSettings settings) {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(loops(settings))
                .setPreferNativeTransport(true)
                // Vert.x unpacks class path files into a cache folder; nothing here is served from one.
                .setFileSystemOptions(new io.vertx.core.file.FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    }

    private static int loops(MehariSettings settings) {
        int asked = settings.transport().eventLoops();
        return asked > 0 ? asked : Runtime.getRuntime().availableProcessors();
    }

    /** The name is the one under which Camel's platform-http looks for its engine. */
    @Bean("platform-http-engine")
    HttpDoors httpDoors(FaultAnswers faults) {
        return new HttpDoors(faults);
    }

    @Bean
    HttpServers httpServers(
            Vertx vertx,
            HttpDoors doors,
            MehariSettings settings,
            ServerAddress address,
            SslBundles bundles,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration grace) {
        return new HttpServers(
                vertx,
                doors,
                new ServerSettings(
                        address.address(),
                        address.port(),
                        loops(settings),
                        (int) settings.limits().bodySize().toBytes(),
                        settings.shutdown().delay(),
                        grace,
                        new ServerTls(address.ssl(), bundles)));
    }

    @Bean
    Upstream upstream(Vertx vertx, MehariSettings settings) {
        return new Upstream(
                vertx, loops(settings), (int) settings.limits().answerSize().toBytes());
    }

    @Bean
    Providers providers(MehariSettings settings, ConfigurableEnvironment environment) {
        KeyVariables variables = new KeyVariables(environment);
        return new Providers(settings.providers().entrySet().stream()
                .map(entry -> new Provider(entry.getKey(), entry.getValue(), variables.of(entry.getKey())))
                .toList());
    }

    @Bean
    ModelGroups modelGroups(MehariSettings settings, Providers providers) {
        Map<String, List<Deployment>> groups = new LinkedHashMap<>();
        for (MehariSettings.ModelGroup group : settings.models()) {
            if (MehariSettings.isBlank(group.name())) {
                throw new StartupException("a model group has no name", "Give each entry of mehari.models a name.");
            }
            if (groups.put(group.name(), deployments(group, providers)) != null) {
                throw new StartupException(
                        "model group \"" + group.name() + "\" is there twice", "Keep one of them under mehari.models.");
            }
        }
        return new ModelGroups(groups);
    }

    private static List<Deployment> deployments(MehariSettings.ModelGroup group, Providers providers) {
        String who = "model group \"" + group.name() + "\" ";
        if (group.deployments().isEmpty()) {
            throw new StartupException(
                    who + "has no deployment", "Add one under mehari.models in application.yaml, or remove the group.");
        }
        for (MehariSettings.Deployment deployment : group.deployments()) {
            if (MehariSettings.isBlank(deployment.provider())) {
                throw new StartupException(
                        who + "has a deployment without a provider",
                        "Give each deployment under mehari.models the name of a provider.");
            }
            if (providers.find(deployment.provider()) == null) {
                throw new StartupException(
                        who + "names provider \"" + deployment.provider() + "\", which is not configured",
                        "Add it under mehari.providers in application.yaml, or correct its name.");
            }
            if (deployment.weight() < 1) {
                throw new StartupException(
                        who + "has a deployment of weight " + deployment.weight(), "Give it a weight of 1 or more.");
            }
        }
        return group.deployments().stream()
                .map(deployment -> new Deployment(
                        deployment.provider(),
                        deployment.model() == null ? group.name() : deployment.model(),
                        deployment.weight(),
                        deployment.priority()))
                .toList();
    }

    @Bean
    Planner planner() {
        // Each thread's own generator, so that no two wait for each other.
        return new Planner(() -> ThreadLocalRandom.current().nextLong());
    }

    @Bean
    ClientKeys clientKeys(MehariSettings settings) {
        return new ClientKeys(settings.access().apiKeys());
    }

    @Bean
    CallGate callGate(MehariSettings settings, Vertx vertx) {
        MehariSettings.Limits limits = settings.limits();
        int most = limits.concurrentCalls();
        if (!limits.adaptive()) {
            return new CallGate(() -> most, limits.queue(), limits.queueWait());
        }
        AdaptiveLimit limit = new AdaptiveLimit(most);
        CallGate gate = new CallGate(limit, limits.queue(), limits.queueWait());
        QueueDelay.measure(vertx, loops(settings), delay -> {
            limit.observe(delay, gate.inside());
            gate.letIn();
        });
        return gate;
    }
}
