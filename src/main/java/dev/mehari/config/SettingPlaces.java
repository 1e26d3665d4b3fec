package dev.mehari.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;

/** Where settings stand, to tell an operator at which line of which file a mistake is. */
public final class SettingPlaces {
    private final ConfigurableEnvironment environment;

    public SettingPlaces(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /**
     * The place of a setting, for the beginning of a message.
     *
     * @param setting such as {@code mehari.models[0].name}
     * @return {@code application.yaml, line 12: }; empty when it stands in no file
     */
    public String of(String setting) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(setting);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return innermost(property.getOrigin()) instanceof TextResourceOrigin text ? told(text) : "";
            }
        }
        return "";
    }

    /** Spring wraps the place in the file in one that names the source. */
    private static @Nullable Origin innermost(@Nullable Origin origin) {
        Origin inner = origin;
        while (inner instanceof OriginProvider outer && outer.getOrigin() != null) {
            inner = outer.getOrigin();
        }
        return inner;
    }

    private static String told(TextResourceOrigin origin) {
        if (origin.getResource() == null || origin.getLocation() == null) {
            return "";
        }
        return origin.getResource().getFilename() + ", line "
                + (origin.getLocation().getLine() + 1) + ": ";
    }
}
