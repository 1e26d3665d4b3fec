package dev.mehari.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Tells Camel where the route files are: the folder {@code mehari.routes.folder}, else {@code routes/} in the working
 * folder, else those in the jar. Runs once application.yaml has been read.
 */
public final class RoutesLocation implements EnvironmentPostProcessor, Ordered {
    /** The setting of Camel's that this decides. */
    public static final String PATTERN = "camel.main.routes-include-pattern";

    private static final String FILES = "*.camel.yaml";

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("mehari routes", Map.of(PATTERN, pattern(environment))));
    }

    private static String pattern(ConfigurableEnvironment environment) {
        String named = MehariSettings.blankToNull(environment.getProperty("mehari.routes.folder"));
        Path folder = Path.of(named == null ? "routes" : named).toAbsolutePath().normalize();
        if (named == null && !Files.isDirectory(folder)) {
            return "classpath:routes/" + FILES;
        }
        if (!holdsRoutes(folder)) {
            throw new StartupException(
                    "there is no route file (" + FILES + ") in " + folder,
                    "Put the gateway's route files there, name another folder with --routes, or remove the folder to"
                            + " use the routes in the jar.");
        }
        return "file:" + folder + "/" + FILES;
    }

    private static boolean holdsRoutes(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, FILES)) {
            return files.iterator().hasNext();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
