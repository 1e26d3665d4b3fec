package dev.mehari.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Reads {@code .env} in the working folder at start. What the real environment sets wins over it. */
public final class DotEnv implements EnvironmentPostProcessor {
    /** Of the property source. */
    static final String NAME = ".env";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Path file = Path.of(".env");
        if (Files.isRegularFile(file)) {
            Map<String, Object> values = new LinkedHashMap<>(read(file));
            // There too nothing is not set, and one that the environment empties stays empty.
            values.values().removeIf(value -> value.toString().isBlank());
            values.keySet().removeAll(environment.getSystemEnvironment().keySet());
            environment
                    .getPropertySources()
                    .addAfter(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            new MapPropertySource(NAME, values));
        }
    }

    private static Map<String, String> read(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new StartupException(
                    file + " cannot be read: " + unreadable.getMessage(),
                    "Make it readable, save it as UTF-8, or remove it.");
        }
    }

    /** {@code NAME=value} lines; {@code export}, quotes and {@code #} comments as a shell has them. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        unmarked.lines().map(String::strip).forEach(line -> {
            String assignment = line.startsWith("export ") ? line.substring(7).strip() : line;
            int equals = assignment.indexOf('=');
            if (!assignment.startsWith("#") && equals > 0) {
                values.put(
                        assignment.substring(0, equals).strip(),
                        value(assignment.substring(equals + 1).strip()));
            }
        });
        return values;
    }

    private static String value(String raw) {
        if (raw.length() > 1 && (raw.charAt(0) == '"' || raw.charAt(0) == '\'')) {
            int close = raw.indexOf(raw.charAt(0), 1);
            if (close > 0) {
                return raw.substring(1, close);
            }
        }
        int comment = raw.indexOf(" #");
        return comment < 0 ? raw : raw.substring(0, comment).strip();
    }
}
