package dev.mehari.reload;

import dev.mehari.config.MehariSettings;
import org.apache.camel.CamelContext;
import org.springframework.core.env.ConfigurableEnvironment;

/** Takes edited settings. */
public interface SettingsTarget {
    /**
     * Checks them as a start would, and changes nothing.
     *
     * @param environment that they were bound from
     * @param routes in use
     * @return puts them in use; cannot fail
     * @throws dev.mehari.config.StartupException saying what is wrong with them
     */
    Runnable prepare(MehariSettings edited, ConfigurableEnvironment environment, CamelContext routes);
}
