package dev.mehari.configured;

import dev.mehari.access.ClientKeys;
import dev.mehari.access.ClientKeys.FixedKey;
import dev.mehari.config.LiveSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.SettingPlaces;
import dev.mehari.price.PriceFile;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.reload.SettingsTarget;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.ModelGroups;
import dev.mehari.spend.CurrentTerms;
import dev.mehari.spend.Terms;
import java.util.List;
import org.apache.camel.CamelContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/** Lets edited settings take the place of those in use, once they have passed the checks of a start. */
@Component
final class LiveConfiguration implements SettingsTarget {
    private final StartupChecks checks;
    private final Providers providers;
    private final ModelGroups groups;
    private final Deployments deployments;
    private final LiveSettings settings;
    private final ClientKeys keys;
    private final CurrentTerms terms;
    private final List<Credentials> credentials;

    LiveConfiguration(
            StartupChecks checks,
            Providers providers,
            ModelGroups groups,
            Deployments deployments,
            LiveSettings settings,
            ClientKeys keys,
            CurrentTerms terms,
            List<Credentials> credentials) {
        this.checks = checks;
        this.providers = providers;
        this.groups = groups;
        this.deployments = deployments;
        this.settings = settings;
        this.keys = keys;
        this.terms = terms;
        this.credentials = credentials;
    }

    @Override
    public Runnable prepare(MehariSettings edited, ConfigurableEnvironment environment, CamelContext routes) {
        Providers theirs = ConfiguredProviders.read(edited, environment);
        checks.run(edited, theirs, environment, routes);
        new RoutingChecks(edited, theirs, new SettingPlaces(environment)).run();
        List<FixedKey> theirKeys = ConfiguredKeys.read(edited);
        Terms theirTerms = new ConfiguredTerms(edited, theirs, PriceFile.shipped()).read();
        return () -> {
            // Known names keep their numbers, health and cooldowns.
            ModelGroups edit = new ConfiguredGroups(edited, deployments).read();
            List<Provider> changed = changed(theirs);
            // Providers first: groups name them.
            providers.replace(theirs);
            groups.replace(edit);
            terms.replace(theirTerms);
            keys.replace(theirKeys);
            settings.replace(edited);
            changed.forEach(this::forget);
        };
    }

    private List<Provider> changed(Providers theirs) {
        return theirs.all().stream()
                .filter(provider -> {
                    Provider before = providers.find(provider.name());
                    return before != null && !before.settings().equals(provider.settings());
                })
                .toList();
    }

    /** A token that was fetched for what the settings said before. */
    private void forget(Provider provider) {
        for (Credentials room : credentials) {
            if (room.protocols().contains(provider.protocol())) {
                room.refused(provider);
            }
        }
    }
}
