package dev.mehari.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/** Finds out which variable a setting has its value from: who sets variables knows no settings. */
public final class SettingVariable {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)");

    private SettingVariable() {}

    /** The variable that is set among those that the setting is written with; null when none is. */
    public static @Nullable String of(ConfigurableEnvironment environment, String setting) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            Object written = source.getProperty(setting);
            if (written instanceof CharSequence) {
                return in(written.toString(), environment::getProperty);
            }
        }
        return null;
    }

    /**
     * Likewise, of what is written.
     *
     * @param written as {@code ${PORT:8080}}
     * @param values of variables; null of what is not set
     */
    public static @Nullable String in(String written, Function<String, @Nullable String> values) {
        Matcher variable = VARIABLE.matcher(written);
        while (variable.find()) {
            if (MehariSettings.blankToNull(values.apply(variable.group(1))) != null) {
                return variable.group(1);
            }
        }
        return null;
    }
}
