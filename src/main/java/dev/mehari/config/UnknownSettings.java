package dev.mehari.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Finds settings below {@code mehari} that nothing reads: misspelt ones, or those of another version; and those that name
 * a variable which is not set.
 */
public final class UnknownSettings {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("mehari");
    private static final Pattern UNSET = Pattern.compile("\\$\\{([^}:]+)}");

    private UnknownSettings() {}

    /** A sentence for each with its origin, such as {@code mehari.limitz (file [application.yaml] - 3:5)}. */
    public static List<String> warnings(ConfigurableEnvironment environment) {
        Asked asked = new Asked();
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
        return warnings;
    }

    private static void warn(
            ConfigurationProperty property, Asked asked, ConfigurableEnvironment environment, List<String> warnings) {
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

    /**
     * Takes note of every name that binding looks for. Spring's own NoUnboundElementsBindHandler does not look beyond the
     * first name behind an index, and so misses all that is misspelt in the deployments of a group.
     */
    private static final class Asked extends AbstractBindHandler {
        private final Set<String> names = new HashSet<>();

        @Override
        public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
            names.add(inAnyElement(name, name.getNumberOfElements()));
            return super.onStart(name, target, context);
        }

        boolean knows(ConfigurationPropertyName name) {
            return names.contains(inAnyElement(name, name.getNumberOfElements())) || isOfOverriddenList(name);
        }

        /** Of a list, binding looks only at the source that wins. */
        private boolean isOfOverriddenList(ConfigurationPropertyName name) {
            for (int i = 0; i < name.getNumberOfElements(); i++) {
                String inElement = inAnyElement(name, i) + "[].";
                if (name.isNumericIndex(i)
                        && names.contains(inAnyElement(name, i))
                        && names.stream().noneMatch(asked -> asked.startsWith(inElement))) {
                    return true;
                }
            }
            return false;
        }

        /** The first so many elements of a name, its indexes left open: an element tells what another may have. */
        private static String inAnyElement(ConfigurationPropertyName name, int elements) {
            StringBuilder open = new StringBuilder();
            for (int i = 0; i < elements; i++) {
                open.append(name.isNumericIndex(i) ? "[]" : "." + name.getElement(i, Form.UNIFORM));
            }
            return open.toString();
        }
    }
}
