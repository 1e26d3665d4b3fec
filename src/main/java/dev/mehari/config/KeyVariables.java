package dev.mehari.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** Finds out from application.yaml which environment variables a provider's settings come from, for hints to the operator. */
public final class KeyVariables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_]+)");

    private final ConfigurableEnvironment environment;

    public KeyVariables(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** The variable in {@code mehari.providers.<name>.api-key: "${VARIABLE:}"}; null when the key is not one. */
    public @Nullable String of(String provider) {
        return of(provider, "api-key");
    }

    /** What makes a provider available: the variable of its key, that of its address when there is none, at AWS that of its region. */
    public @Nullable String of(String provider, ProviderSettings settings) {
        if ("bedrock-agent".equals(settings.protocol()) && settings.aws().agentId() == null) {
            return of(provider, "aws.agent-id");
        }
        if ("vertex".equals(settings.protocol())) {
            return of(provider, "google.project");
        }
        String region = of(provider, "aws.region");
        if (region != null) {
            // At AWS everything begins with it; credentials may come from where no variable names them.
            return region;
        }
        String key = of(provider);
        String address = settings.baseUrl() == null ? of(provider, "base-url") : null;
        return address == null || key == null ? key : address + " and " + key;
    }

    private @Nullable String of(String provider, String setting) {
        String property = "mehari.providers." + provider + "." + setting;
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> && source.getProperty(property) != null) {
                Matcher variable = VARIABLE.matcher(String.valueOf(source.getProperty(property)));
                return variable.find() ? variable.group(1) : null;
            }
        }
        return null;
    }
}
