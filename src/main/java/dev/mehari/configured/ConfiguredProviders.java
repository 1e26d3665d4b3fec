package dev.mehari.configured;

import dev.mehari.config.KeyVariables;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ModelGroupSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;

/** The providers of the settings. What is wrong with them is for {@link StartupChecks} to tell. */
public final class ConfiguredProviders {
    private ConfiguredProviders() {}

    /** @param environment tells by which variable each gets its key */
    public static Providers read(MehariSettings settings, ConfigurableEnvironment environment) {
        KeyVariables variables = new KeyVariables(environment);
        Providers plain = new Providers(settings.providers().entrySet().stream()
                .map(entry ->
                        new Provider(entry.getKey(), entry.getValue(), variables.of(entry.getKey(), entry.getValue())))
                .toList());
        return new Providers(plain.all(), ownTimeouts(settings, plain));
    }

    /** The providers of those deployments that have time-outs of their own, by the names of the deployments. */
    private static Map<String, Provider> ownTimeouts(MehariSettings settings, Providers providers) {
        Map<String, Provider> byDeployment = new HashMap<>();
        for (ModelGroupSettings group : settings.models()) {
            for (ModelGroupSettings.Deployment deployment : group.deployments()) {
                // What is not there is for the checks to tell.
                Provider provider =
                        MehariSettings.isBlank(deployment.provider()) ? null : providers.find(deployment.provider());
                if (provider != null && deployment.timeouts() != null) {
                    byDeployment.put(ConfiguredGroups.name(group, deployment), provider.with(deployment.timeouts()));
                }
            }
        }
        return byDeployment;
    }
}
