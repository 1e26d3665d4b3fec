package dev.mehari;

import dev.mehari.chat.SteadyClock;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.RoutingSettings;
import dev.mehari.config.SettingPlaces;
import dev.mehari.configured.ConfiguredGroups;
import dev.mehari.configured.RoutingChecks;
import dev.mehari.provider.Providers;
import dev.mehari.routing.Cooldown;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.ModelGroups;
import dev.mehari.routing.Planner;
import dev.mehari.routing.ProviderStatus;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.ConfigurableEnvironment;

/** Puts together what finds a deployment for a call. */
@Configuration(proxyBeanMethods = false)
class RoutingBeans {
    /** The wall clock. */
    @Bean
    @Primary
    InstantSource clock() {
        return InstantSource.system();
    }

    /** For spans, which nobody who sets the wall clock may change. */
    @Bean
    SteadyClock steadyClock() {
        return SteadyClock.OF_PROCESS;
    }

    @Bean
    Deployments deployments(MehariSettings settings, SteadyClock clock) {
        RoutingSettings.Cooldown cooldown = settings.routing().cooldown();
        return new Deployments(
                new Cooldown(
                        cooldown.failures(),
                        cooldown.errorRate(),
                        cooldown.first(),
                        cooldown.refused(),
                        cooldown.longest(),
                        cooldown.rampUp()),
                clock);
    }

    @Bean
    ModelGroups modelGroups(
            MehariSettings settings,
            Providers providers,
            Deployments deployments,
            ConfigurableEnvironment environment) {
        SettingPlaces places = new SettingPlaces(environment);
        new RoutingChecks(settings, providers, places).run();
        return new ConfiguredGroups(settings, deployments).read();
    }

    @Bean
    Planner planner(ProviderStatus providers, SteadyClock clock) {
        return new Planner(providers, clock);
    }
}
