package dev.mehari.reload;

import dev.mehari.config.DotEnv;
import dev.mehari.config.VariablesFirst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.stereotype.Component;

/** The files that settings come from, read anew just as at start: application.yaml, what {@code --config} names, .env. */
@Component
final class SettingsFiles {
    private static final List<String> NAMES =
            List.of(".env", "application.yaml", "application.yml", "config/application.yaml", "config/application.yml");

    private final ConfigurableEnvironment running;

    SettingsFiles(ConfigurableEnvironment running) {
        this.running = running;
    }

    /** Those that may be there; a new one is noticed too. */
    List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        NAMES.forEach(name -> paths.add(Path.of(name)));
        String named = running.getProperty("spring.config.additional-location", "");
        for (String location : named.split(",")) {
            String path = location.strip().replaceFirst("^optional:", "");
            if (path.startsWith("file:") && !path.endsWith("/")) {
                paths.add(Path.of(path.substring("file:".length())));
            }
        }
        return paths;
    }

    /** What a gateway that started now would see. */
    ConfigurableEnvironment read() {
        StandardEnvironment fresh = new StandardEnvironment();
        for (PropertySource<?> source : running.getPropertySources()) {
            if (source instanceof CommandLinePropertySource<?>) {
                fresh.getPropertySources().addFirst(source);
            }
        }
        ConfigDataEnvironmentPostProcessor.applyTo(
                fresh, new DefaultResourceLoader(), null, running.getActiveProfiles());
        SpringApplication none = new SpringApplication();
        new DotEnv().postProcessEnvironment(fresh, none);
        new VariablesFirst().postProcessEnvironment(fresh, none);
        return fresh;
    }

    /** The file that is no YAML; null: all are. Spring's own failure does not name it. */
    @Nullable
    String broken() {
        return broken(paths());
    }

    static @Nullable String broken(List<Path> paths) {
        for (Path path : paths) {
            try {
                if (Files.isRegularFile(path) && !path.endsWith(".env")) {
                    new YamlPropertySourceLoader().load(path.toString(), new FileSystemResource(path));
                }
            } catch (IOException | RuntimeException broken) {
                return path.getFileName().toString();
            }
        }
        return null;
    }

    /** Settings of Spring's and Camel's that files give another value than at start: they are read only then. */
    List<String> othersChanged(ConfigurableEnvironment fresh) {
        SortedMap<String, String> before = others(running);
        SortedMap<String, String> after = others(fresh);
        SortedMap<String, String> all = new TreeMap<>(before);
        all.putAll(after);
        return all.keySet().stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .toList();
    }

    private static SortedMap<String, String> others(ConfigurableEnvironment environment) {
        SortedMap<String, String> found = new TreeMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            boolean file = source.getName().startsWith("Config resource");
            if (file && source instanceof EnumerablePropertySource<?> settings) {
                for (String name : settings.getPropertyNames()) {
                    if (!name.startsWith("mehari.")) {
                        found.put(name, environment.getProperty(name, ""));
                    }
                }
            }
        }
        return found;
    }
}
