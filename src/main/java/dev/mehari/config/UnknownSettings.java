package dev.mehari.config;

import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;

/** Finds settings below {@code mehari} that nothing reads: misspelt ones, or those of another version. */
public final class UnknownSettings {
    private UnknownSettings() {}

    /** A sentence for each with its origin, such as {@code mehari.limitz (file [application.yaml] - 3:5)}. */
    public static List<String> warnings(ConfigurableEnvironment environment) {
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        try {
            Binder.get(environment).bind("mehari", Bindable.of(MehariSettings.class), strict);
            return List.of();
        } catch (BindException found) {
            return found.getCause() instanceof UnboundConfigurationPropertiesException unbound
                    ? unbound.getUnboundProperties().stream()
                            // An address whose variable is not set binds to nothing.
                            .filter(property -> !MehariSettings.isBlank(
                                    environment.getProperty(property.getName().toString())))
                            .map(UnknownSettings::warning)
                            .toList()
                    : List.of();
        }
    }

    private static String warning(ConfigurationProperty property) {
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return "the setting " + property.getName() + origin + " is not known and has no effect";
    }
}
