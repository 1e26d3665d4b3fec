package dev.mehari;

import dev.mehari.access.AdaptiveLimit;
import dev.mehari.access.AdminKey;
import dev.mehari.access.CallGate;
import dev.mehari.access.ScrapeAccess;
import dev.mehari.call.CallRecorder;
import dev.mehari.config.CorsSettings;
import dev.mehari.config.HttpSettings;
import dev.mehari.config.LiveSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ServerAddress;
import dev.mehari.configured.ConfiguredProviders;
import dev.mehari.media.MediaFetcher;
import dev.mehari.media.MediaLimits;
import dev.mehari.provider.Providers;
import dev.mehari.secrets.Secrets;
import dev.mehari.transport.CrossOrigin;
import dev.mehari.transport.FaultAnswers;
import dev.mehari.transport.HttpDoors;
import dev.mehari.transport.HttpLimits;
import dev.mehari.transport.HttpServers;
import dev.mehari.transport.QueueDelay;
import dev.mehari.transport.ServerSettings;
import dev.mehari.transport.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Puts the rooms together: everything that is not a step or a codec found by its annotation. */
@Configuration(proxyBeanMethods = false)
class GatewayBeans {
    private static final Logger log = LoggerFactory.getLogger(GatewayBeans.class);

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
    HttpDoors httpDoors(FaultAnswers faults, CallRecorder recorder) {
        return new HttpDoors(faults, recorder::refused);
    }

    @Bean
    HttpServers httpServers(
            Vertx vertx,
            HttpDoors doors,
            MehariSettings settings,
            ServerAddress address,
            SslBundles bundles,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration grace) {
        ServerTls tls = new ServerTls(address.ssl(), bundles);
        HttpServers servers = new HttpServers(
                vertx,
                doors,
                new ServerSettings(
                        address.address(),
                        address.port(),
                        loops(settings),
                        (int) settings.limits().bodySize().toBytes(),
                        limits(settings.http()),
                        pages(settings.cors()),
                        settings.shutdown().delay(),
                        grace,
                        tls));
        tls.onChange(servers::renewCertificate);
        return servers;
    }

    private static HttpLimits limits(HttpSettings http) {
        return new HttpLimits(
                http.connections(),
                http.headers(),
                (int) http.headerSize().toBytes(),
                (int) http.lineSize().toBytes(),
                http.streams(),
                http.headTimeout(),
                http.bodyTimeout(),
                http.idleTimeout());
    }

    private static @Nullable CrossOrigin pages(CorsSettings cors) {
        return cors.origins().isEmpty()
                ? null
                : new CrossOrigin(Set.copyOf(cors.origins()), cors.headers(), cors.maxAge());
    }

    @Bean
    Upstream upstream(Vertx vertx, MehariSettings settings) {
        return new Upstream(
                vertx, loops(settings), (int) settings.limits().answerSize().toBytes());
    }

    @Bean(destroyMethod = "close")
    MediaFetcher mediaFetcher(Vertx vertx, MehariSettings settings) {
        MehariSettings.Media media = settings.media();
        return new MediaFetcher(
                vertx,
                new MediaLimits(
                        media.maxSize().toBytes(),
                        // Each is there several times over while it is written into a request.
                        Math.max(media.maxSize().toBytes(), Runtime.getRuntime().maxMemory() / 8),
                        media.timeout(),
                        media.maxRedirects(),
                        media.allow().stream()
                                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                                .collect(Collectors.toUnmodifiableSet())),
                InetAddress::getAllByName);
    }

    @Bean
    LiveSettings liveSettings(MehariSettings settings) {
        return new LiveSettings(settings);
    }

    @Bean
    Providers providers(MehariSettings settings, ConfigurableEnvironment environment) {
        return ConfiguredProviders.read(settings, environment);
    }

    @Bean
    ScrapeAccess scrapeAccess(MehariSettings settings, ServerAddress address, AdminKey admin) {
        return new ScrapeAccess(address.isLoopback(), settings.access().scrapeKey(), admin);
    }

    @Bean
    AdminKey adminKey(MehariSettings settings) {
        String configured = settings.access().adminKey();
        if (configured != null) {
            return new AdminKey(configured);
        }
        String made = AdminKey.random();
        log.info("MEHARI_ADMIN_KEY is not set; the admin key of this run is {}", made);
        // Told this once.
        Secrets.OF_PROCESS.add(List.of(made));
        return new AdminKey(made);
    }

    @Bean
    CallGate callGate(MehariSettings settings, LiveSettings live, Vertx vertx) {
        MehariSettings.Limits limits = settings.limits();
        if (!limits.adaptive()) {
            return new CallGate(() -> live.get().limits().concurrentCalls(), limits.queue(), limits.queueWait());
        }
        AdaptiveLimit limit = new AdaptiveLimit(limits.concurrentCalls());
        CallGate gate = new CallGate(limit, limits.queue(), limits.queueWait());
        QueueDelay.measure(vertx, loops(settings), delay -> {
            limit.observe(delay, gate.inside());
            gate.letIn();
        });
        return gate;
    }
}
