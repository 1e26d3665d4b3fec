package dev.mehari.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes an SSL bundle of Spring Boot's out of the two PEM files in {@code server.ssl}, so that they are watched and read
 * anew when they change. Runs last, when every source of settings is there.
 */
public final class CertificateFiles implements EnvironmentPostProcessor, Ordered {
    /** Of the bundle. */
    public static final String BUNDLE = "server";

    private static final String PREFIX = "spring.ssl.bundle.pem." + BUNDLE + ".";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String certificate = file(environment, "server.ssl.certificate");
        String key = file(environment, "server.ssl.certificate-private-key");
        if (certificate != null && key != null) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource(
                            "certificate files",
                            Map.of(
                                    PREFIX + "keystore.certificate",
                                    certificate,
                                    PREFIX + "keystore.private-key",
                                    key,
                                    // One file is written before the other; a pair that does not fit is not taken.
                                    PREFIX + "keystore.verify-keys",
                                    "true",
                                    PREFIX + "reload-on-update",
                                    "true")));
        }
    }

    /** As an address; null when there is none that can be read, which is told where it is needed. */
    private static @Nullable String file(ConfigurableEnvironment environment, String setting) {
        String named = MehariSettings.blankToNull(environment.getProperty(setting));
        return named != null && Files.isReadable(Path.of(named))
                ? "file:" + Path.of(named).toAbsolutePath()
                : null;
    }
}
