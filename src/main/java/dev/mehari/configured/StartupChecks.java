package dev.mehari.configured;

import dev.mehari.config.EntraSettings;
import dev.mehari.config.KeyVariables;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ProviderSettings;
import dev.mehari.config.SettingVariable;
import dev.mehari.config.StartupException;
import dev.mehari.config.UnknownSettings;
import dev.mehari.provider.LocalProtocol;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.reload.RouteCheck;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Finds out at start what would otherwise fail the first call: a provider without its route, codec or address. */
@Component
public final class StartupChecks implements RouteCheck {
    private static final Logger log = LoggerFactory.getLogger(StartupChecks.class);

    private final CamelContext camel;
    private final Providers providers;
    private final MehariSettings settings;
    private final Set<String> protocols;
    private final ConfigurableEnvironment environment;

    StartupChecks(
            CamelContext camel,
            Providers providers,
            MehariSettings settings,
            List<Protocol> protocols,
            List<LocalProtocol> locals,
            ConfigurableEnvironment environment) {
        this.environment = environment;
        this.camel = camel;
        this.providers = providers;
        this.settings = settings;
        this.protocols = Stream.concat(
                        protocols.stream().map(Protocol::name), locals.stream().map(LocalProtocol::name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws StartupException saying what is missing */
    public void run() {
        UnknownSettings.warnings(environment).forEach(log::warn);
        run(settings, providers, environment, camel);
    }

    /**
     * The same of settings that are to take the place of these.
     *
     * @param theirs the providers that the settings make
     * @throws StartupException saying what is missing
     */
    void run(MehariSettings settings, Providers theirs, ConfigurableEnvironment environment, CamelContext routes) {
        requireFits("body-size", settings.limits().bodySize());
        requireFits("answer-size", settings.limits().answerSize());
        requirePlaces(settings.limits());
        requireHttpLimits(settings);
        settings.providers().forEach(StartupChecks::requireHttp);
        theirs.all().forEach(provider -> check(provider, environment));
        check(routes, theirs);
        requireDefault(settings, theirs, environment);
    }

    private static void requireDefault(MehariSettings settings, Providers theirs, ConfigurableEnvironment environment) {
        String fallback = settings.defaultProvider();
        if (fallback == null) {
            return;
        }
        String variable = SettingVariable.of(environment, "mehari.default-provider");
        String named = variable == null ? "mehari.default-provider" : variable;
        ProviderSettings its = settings.providers().get(fallback);
        if (its == null || theirs.find(fallback) == null) {
            throw new StartupException(
                    named + " is \"" + fallback + "\", which is not configured",
                    "Use one of " + names(theirs) + ", or add it under mehari.providers in application.yaml.");
        }
        if (!its.isAvailable()) {
            String key = new KeyVariables(environment).of(fallback, its);
            throw new StartupException(
                    named + " is \"" + fallback + "\", which has no key or address",
                    "Set " + (key == null ? "them under mehari.providers." + fallback : key) + ", or leave " + named
                            + " out.");
        }
    }

    /** Of the routes: they must lead from the doors to every provider that can be called. */
    @Override
    public void check(CamelContext routes) {
        check(routes, providers);
    }

    private static void check(CamelContext routes, Providers providers) {
        if (routes.getRoute("chat") == null) {
            throw new StartupException(
                    "the routes hold no route \"chat\"",
                    "Restore routes/chat.camel.yaml; it is the path that every call takes.");
        }
        for (Provider provider : providers.all()) {
            String route = "provider-" + provider.name();
            if (provider.isAvailable() && routes.getRoute(route) == null) {
                throw new StartupException(
                        "provider \"" + provider.name() + "\" has no route",
                        "Copy a neighbour to routes/" + route + ".camel.yaml and put its name into the ids and uris.");
            }
        }
    }

    private static void requireFits(String name, DataSize size) {
        if (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE) {
            throw new StartupException(
                    "mehari.limits." + name + " is " + size + ", and must be from 1B to 2047MB",
                    "Correct it in application.yaml.");
        }
    }

    private static void requirePlaces(MehariSettings.Limits limits) {
        if (limits.concurrentCalls() < 1
                || limits.queue() < 0
                || limits.queueWait().isNegative()) {
            throw new StartupException(
                    "mehari.limits allows " + limits.concurrentCalls() + " concurrent-calls with a queue of "
                            + limits.queue() + " that wait "
                            + limits.queueWait().toMillis() + " ms",
                    "Allow at least one call, and let neither queue nor queue-wait be negative.");
        }
    }

    private static void requireHttpLimits(MehariSettings settings) {
        if (!settings.http().arePositive() || settings.limits().jsonDepth() < 1) {
            throw new StartupException(
                    "a limit of mehari.http, or mehari.limits.json-depth, lets nothing through",
                    "Give sizes, counts and times above zero.");
        }
    }

    private static void requireHttp(String name, ProviderSettings provider) {
        String where = "Correct it under mehari.providers." + name + " in application.yaml.";
        if (!provider.httpVersion().equals("1.1") && !provider.httpVersion().equals("2")) {
            throw new StartupException(
                    "provider \"" + name + "\" has the http-version " + provider.httpVersion()
                            + ", and may have 1.1 or 2",
                    where);
        }
        if (!provider.timeouts().arePositive()) {
            throw new StartupException("provider \"" + name + "\" has a time-out that is not positive", where);
        }
        if (provider.pool().maxConnections() < 1 || provider.pool().maxStreams() < 1) {
            throw new StartupException(
                    "the pool of provider \"" + name + "\" allows no connection or no stream; it needs at least 1",
                    where);
        }
        EntraSettings entra = provider.entra();
        if (entra.isSet()) {
            requireTokenAddress(name, "authority", entra.authority());
            requireTokenAddress(name, "identity-endpoint", entra.identityEndpoint());
            requireTokenAddress(name, "metadata-service", entra.metadataService());
        }
    }

    private static void requireTokenAddress(String name, String setting, @Nullable URI address) {
        if (address != null && !isHttp(address)) {
            throw new StartupException(
                    "provider \"" + name + "\" is to get its tokens from " + address
                            + ", which is no http or https URL",
                    "Correct mehari.providers." + name + ".entra." + setting
                            + "; an example is http://169.254.169.254.");
        }
    }

    private void check(Provider provider, ConfigurableEnvironment environment) {
        String who = "provider \"" + provider.name() + "\" ";
        if (provider.protocol() == null) {
            throw new StartupException(
                    who + "has no protocol",
                    "Set mehari.providers." + provider.name() + ".protocol to one of " + protocols + ".");
        }
        if (!protocols.contains(provider.protocol())) {
            throw new StartupException(
                    who + "speaks the protocol \"" + provider.protocol() + "\", which is not known",
                    "Use one of " + protocols + " in mehari.providers." + provider.name() + ".protocol.");
        }
        // Written but empty, it waits for its variable: the provider is not available till then.
        boolean mayWait = environment.containsProperty("mehari.providers." + provider.name() + ".base-url");
        boolean needsAddress = !provider.protocol().equals("demo") && !mayWait;
        if (needsAddress && provider.target() == null) {
            throw new StartupException(
                    who + "has no address", "Set mehari.providers." + provider.name() + ".base-url.");
        }
        if (provider.target() != null && !isHttp(provider.target().baseUri())) {
            String variable = SettingVariable.of(environment, "mehari.providers." + provider.name() + ".base-url");
            throw new StartupException(
                    who + "has the address " + provider.target().baseUri() + ", which is no http or https URL",
                    "Correct " + (variable == null ? "mehari.providers." + provider.name() + ".base-url" : variable)
                            + "; an example is https://host.example/v1.");
        }
    }

    private static boolean isHttp(URI address) {
        return ("http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme()))
                && address.getHost() != null;
    }

    private static String names(Providers providers) {
        return providers.all().stream().map(Provider::name).collect(Collectors.joining(", "));
    }
}
