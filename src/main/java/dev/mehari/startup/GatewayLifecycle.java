package dev.mehari.startup;

import dev.mehari.access.ClientKeys;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ServerAddress;
import dev.mehari.config.StartupException;
import dev.mehari.configured.StartupChecks;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.reload.FolderCheck;
import dev.mehari.transport.HttpServers;
import dev.mehari.transport.Upstream;
import dev.mehari.transport.UpstreamTarget;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Opens the doors once the routes are up and everything has been checked; on stop, closes them before the routes go. */
@Component
@ConditionalOnProperty(name = FolderCheck.OFFLINE, havingValue = "false", matchIfMissing = true)
final class GatewayLifecycle {
    private static final Logger log = LoggerFactory.getLogger(GatewayLifecycle.class);

    private final HttpServers servers;
    private final Upstream upstream;
    private final Providers providers;
    private final StartupChecks checks;
    private final ServerAddress address;
    private final MehariSettings settings;
    private final ClientKeys keys;
    private final EarlyDatabase database;

    GatewayLifecycle(
            HttpServers servers,
            Upstream upstream,
            Providers providers,
            StartupChecks checks,
            ServerAddress address,
            MehariSettings settings,
            ClientKeys keys,
            EarlyDatabase database) {
        this.servers = servers;
        this.upstream = upstream;
        this.providers = providers;
        this.checks = checks;
        this.address = address;
        this.settings = settings;
        this.keys = keys;
        this.database = database;
    }

    @EventListener(ApplicationStartedEvent.class)
    void open() {
        checks.run();
        refuseAnonymousPublic();
        database.await();
        listen();
        warmUp();
        log.info(
                "Mehari listens on {}:{}; available providers: {}",
                address.address(),
                servers.port(),
                providers.all().stream()
                        .filter(Provider::isAvailable)
                        .map(Provider::name)
                        .collect(Collectors.joining(", ")));
    }

    private void listen() {
        try {
            servers.start();
        } catch (IllegalStateException refused) {
            throw new StartupException(
                    String.valueOf(refused.getMessage()),
                    "Set PORT or HOST (--port, --host) to what is free on this machine, or stop what listens there.");
        }
    }

    private void refuseAnonymousPublic() {
        if (keys.isEmpty() && !settings.access().allowAnonymous() && !address.isLoopback()) {
            throw new StartupException(
                    "HOST is " + address.address() + ", which others can reach, and no client key is configured",
                    "Set MEHARI_API_KEYS, or MEHARI_ALLOW_ANONYMOUS=true when everyone who can reach it may call.");
        }
    }

    private void warmUp() {
        for (Provider provider : providers.all()) {
            UpstreamTarget target = provider.target();
            for (int i = 0; target != null && i < provider.warmUp(); i++) {
                upstream.warmUp(target);
            }
        }
    }

    @EventListener(ContextClosedEvent.class)
    void close() {
        if (servers.isOpen()) {
            servers.drain();
        }
    }
}
