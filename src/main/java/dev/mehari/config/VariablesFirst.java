package dev.mehari.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Lets a variable such as {@code PORT} win over a value that an application.yaml outside the jar gives for the same
 * setting. Which variable is which setting's, the application.yaml in the jar says: {@code port: ${PORT:8080}}. A file
 * that names another variable is followed: that is a choice, and it may be another account's key. Runs last, when
 * {@code .env} has been read.
 */
public final class VariablesFirst implements EnvironmentPostProcessor, Ordered {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)");
    private static final String DEFAULTS = "class path resource [application.yaml]";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> set = new LinkedHashMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> defaults
                    && source.getName().contains(DEFAULTS)) {
                for (String name : defaults.getPropertyNames()) {
                    String written = String.valueOf(defaults.getProperty(name));
                    if (isSet(environment, written) && !namesVariable(fromFile(environment, name))) {
                        set.put(name, written);
                    }
                }
            }
        }
        String after = environment.getPropertySources().contains(DotEnv.NAME)
                ? DotEnv.NAME
                : StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        if (!set.isEmpty()) {
            environment.getPropertySources().addAfter(after, new MapPropertySource("variables", set));
        }
    }

    private static boolean isSet(ConfigurableEnvironment environment, String written) {
        Matcher variable = VARIABLE.matcher(written);
        while (variable.find()) {
            if (MehariSettings.blankToNull(environment.getProperty(variable.group(1))) != null) {
                return true;
            }
        }
        return false;
    }

    /** What a file outside the jar says; null when none does. */
    private static @Nullable Object fromFile(ConfigurableEnvironment environment, String name) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            boolean file = source.getName().startsWith("Config resource")
                    && !source.getName().contains(DEFAULTS);
            if (file && source.getProperty(name) != null) {
                return source.getProperty(name);
            }
        }
        return null;
    }

    private static boolean namesVariable(@Nullable Object value) {
        return value != null && value.toString().contains("${");
    }
}
