package dev.mehari.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Finds settings below {@code mehari} that nothing reads: misspelt ones, or those of another version; those that name a
 * variable which is not set; and variables that no setting names.
 */
public final class UnknownSettings {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("mehari");
    private static final Pattern UNSET = Pattern.compile("\\$\\{([^}:]+)}");

    private UnknownSettings() {}

    /** A sentence for each with its origin, such as {@code mehari.limitz (file [application.yaml] - 3:5)}. */
    public static List<String> warnings(ConfigurableEnvironment environment) {
        AskedSettings asked = new AskedSettings();
        try {
            Binder.get(environment).bind(ROOT, Bindable.of(MehariSettings.class), asked);
        } catch (BindException mistake) {
            // Whoever binds the settings for use tells of it.
            return List.of();
        }
        List<String> warnings = new ArrayList<>();
        Set<ConfigurationPropertyName> seen = new HashSet<>();
        UnboundElementsSourceFilter written = new UnboundElementsSourceFilter();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names && written.apply(source)) {
                names.stream()
                        .filter(ROOT::isAncestorOf)
                        .filter(seen::add)
                        .sorted()
                        .forEach(name -> {
                            ConfigurationProperty property = source.getConfigurationProperty(name);
                            if (property != null) {
                                warn(property, asked, environment, warnings);
                            }
                        });
            }
        }
        warnings.addAll(UnknownVariables.warnings(environment, asked));
        return warnings;
    }

    private static void warn(
            ConfigurationProperty property,
            AskedSettings asked,
            ConfigurableEnvironment environment,
            List<String> warnings) {
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        String setting = "the setting " + property.getName() + origin;
        if (!asked.knows(property.getName())) {
            warnings.add(setting + " is not known and has no effect");
        } else if (property.getValue() instanceof CharSequence text) {
            Matcher unset = UNSET.matcher(environment.resolvePlaceholders(text.toString()));
            if (unset.find()) {
                warnings.add(setting + " names the variable " + unset.group(1) + ", which is not set; ${"
                        + unset.group(1) + ":} says that it may be missing");
            }
        }
    }
}
