package dev.mehari.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Finds variables that are meant for this gateway, by their names, and that no setting reads. */
final class UnknownVariables {
    private static final Pattern NAMED = Pattern.compile("\\$\\{(MEHARI_[A-Z0-9_]+)");

    /** Kubernetes sets these for a service that is called mehari. */
    private static final Pattern SERVICE = Pattern.compile("MEHARI_(SERVICE|PORT)(_.*)?");

    private UnknownVariables() {}

    /** A sentence for each: {@code MEHARI_API_KEY}, with one letter missing, would leave the gateway open. */
    static List<String> warnings(ConfigurableEnvironment environment, AskedSettings asked) {
        Set<String> named = new TreeSet<>();
        Set<String> set = new TreeSet<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> names) {
                Consumer<String> take = isOfVariables(names)
                        ? name -> addMeant(name, set)
                        : name -> addNamed(String.valueOf(names.getProperty(name)), named);
                Stream.of(names.getPropertyNames()).forEach(take);
            }
        }
        return set.stream()
                .filter(variable -> !named.contains(variable) && !asked.knows(variable))
                .map(variable -> "the variable " + variable + " is not known and has no effect; known are "
                        + String.join(", ", named))
                .toList();
    }

    private static boolean isOfVariables(PropertySource<?> source) {
        return source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                || source.getName().equals(DotEnv.NAME);
    }

    private static void addMeant(String variable, Set<String> set) {
        if (variable.startsWith("MEHARI_") && !SERVICE.matcher(variable).matches()) {
            set.add(variable);
        }
    }

    private static void addNamed(String written, Set<String> named) {
        Matcher variable = NAMED.matcher(written);
        while (variable.find()) {
            named.add(variable.group(1));
        }
    }
}
