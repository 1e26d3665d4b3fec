package dev.mehari.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Takes variables that are set to nothing for not set, so that defaults hold: compose files and CI hand on as an empty text
 * what they do not have. Runs first, before Spring Boot notes where variables come from.
 */
public final class EmptyVariables implements EnvironmentPostProcessor, Ordered {
    private static final String VARIABLES = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        MutablePropertySources sources = environment.getPropertySources();
        if (sources.get(VARIABLES) instanceof SystemEnvironmentPropertySource all) {
            Map<String, Object> set = new LinkedHashMap<>(all.getSource());
            if (set.values().removeIf(value -> value.toString().isBlank())) {
                sources.replace(VARIABLES, new SystemEnvironmentPropertySource(VARIABLES, set));
            }
        }
    }
}
