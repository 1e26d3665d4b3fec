package dev.mehari.secrets;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** Finds the secrets among all settings and variables by their names, and passwords in addresses. */
final class SecretSettings {
    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(api[-_.]?keys?|(admin|scrape|access|secret|private)[-_.]?key|secret([-_.]?\\w*key)?|password|token"
                    + "|[-_]keys?|authorization|cookie|identity[-_.]header|access-key-id|otlp[-_.]headers)(\\[\\d+])?");

    /** Names a file. */
    private static final Pattern FILE_NAME = Pattern.compile("(?i).*(ssl[-_.].*|.*[-_.](file|path))");

    private static final Pattern PASSWORD = Pattern.compile("://[^/\\s:@]*:([^@\\s/]+)@");

    private SecretSettings() {}

    static Set<String> of(ConfigurableEnvironment environment) {
        Set<String> secrets = new LinkedHashSet<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> settings) {
                for (String name : settings.getPropertyNames()) {
                    add(name, value(environment, name), secrets);
                }
            }
        }
        return secrets;
    }

    private static void add(String name, @Nullable String value, Set<String> secrets) {
        if (value == null) {
            return;
        }
        if (SECRET_NAME.matcher(name).matches() && !FILE_NAME.matcher(name).matches()) {
            secrets.add(value);
            for (String one : value.split(",")) {
                secrets.add(one.strip());
            }
        }
        Matcher password = PASSWORD.matcher(value);
        while (password.find()) {
            secrets.add(password.group(1));
            secrets.add(decoded(password.group(1)));
        }
    }

    private static String decoded(String password) {
        try {
            return URLDecoder.decode(password, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return password;
        }
    }

    private static @Nullable String value(ConfigurableEnvironment environment, String name) {
        try {
            return environment.getProperty(name);
        } catch (IllegalArgumentException unresolved) {
            // It names a variable that is not set; the start will fail over it, or nobody reads it.
            return null;
        }
    }
}
