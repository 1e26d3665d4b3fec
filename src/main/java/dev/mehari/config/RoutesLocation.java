package dev.mehari.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Decides where the route files are: the folder {@code mehari.routes.folder}, else {@code routes/} in the working folder,
 * else those in the jar. Runs once application.yaml has been read.
 */
public final class RoutesLocation implements EnvironmentPostProcessor, Ordered {
    /** The property that names the folder; it is not there when the routes are those in the jar. */
    public static final String FOLDER = "routes-folder";

    private static final String ENDING = ".camel.yaml";

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> decided = new HashMap<>();
        // They are loaded by the room that also reloads them.
        decided.put("camel.main.routes-include-pattern", "false");
        Path folder = folder(environment);
        if (folder != null) {
            decided.put(FOLDER, folder.toString());
        }
        environment.getPropertySources().addLast(new MapPropertySource("mehari routes", decided));
    }

    private static @Nullable Path folder(ConfigurableEnvironment environment) {
        String named = MehariSettings.blankToNull(environment.getProperty("mehari.routes.folder"));
        Path folder = Path.of(named == null ? "routes" : named).toAbsolutePath().normalize();
        if (named == null && !Files.isDirectory(folder)) {
            return null;
        }
        if (!holdsRoutes(folder)) {
            throw new StartupException(
                    "there is no route file (*" + ENDING + ") in " + folder,
                    "Put the gateway's route files there, name another folder with --routes, or remove the folder to"
                            + " use the routes in the jar.");
        }
        return folder;
    }

    private static boolean holdsRoutes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(ENDING));
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }
}
