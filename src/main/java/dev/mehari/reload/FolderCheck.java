package dev.mehari.reload;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.UnknownSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/** All that a reload checks, for files that nobody serves yet: {@code mehari check}. */
@Component
public final class FolderCheck {
    /** The property that keeps the gateway from listening and from loading routes at start. */
    public static final String OFFLINE = "mehari-offline";

    private final RouteFolder folder;
    private final RouteBuild build;
    private final SettingsTarget target;
    private final MehariSettings settings;
    private final ConfigurableEnvironment environment;

    FolderCheck(
            RouteFolder folder,
            RouteBuild build,
            SettingsTarget target,
            MehariSettings settings,
            ConfigurableEnvironment environment) {
        this.folder = folder;
        this.build = build;
        this.target = target;
        this.settings = settings;
        this.environment = environment;
    }

    /** What is not wrong, but hardly meant. */
    public List<String> warnings() {
        return UnknownSettings.warnings(environment);
    }

    /**
     * Checks settings and routes.
     *
     * @return in a line, what was found to be well
     * @throws Refused naming each mistake
     */
    public String run() {
        List<RouteFile> files = folder.read();
        CamelContext camel = build.build(build.parse(files, new ArrayList<>()));
        try {
            target.prepare(settings, environment, camel);
            return "all is well: " + files.size() + " route files, " + camel.getRoutesSize() + " routes, "
                    + settings.providers().size() + " providers, "
                    + settings.models().size() + " model groups";
        } catch (RuntimeException failure) {
            throw new Refused(SettingsBlame.of(failure, null));
        } finally {
            camel.stop();
        }
    }

    /** Why the application could not even be put together. */
    public static Problem problem(RuntimeException failure, Path folder) {
        return SettingsBlame.of(
                failure,
                SettingsFiles.broken(
                        List.of(folder.resolve("application.yaml"), folder.resolve("config/application.yaml"))));
    }
}
