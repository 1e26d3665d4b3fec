package dev.mehari.reload;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.MehariSettings.Reload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Notices that somebody saved a route file, and has the routes reloaded. */
@Component
final class RouteWatcher {
    private final LiveRoutes routes;
    private final RouteFolder folder;
    private final Reload mode;
    private final Watch watch = new Watch("route-watcher", this::stamps, this::changed);

    RouteWatcher(LiveRoutes routes, RouteFolder folder, MehariSettings settings) {
        this.routes = routes;
        this.folder = folder;
        this.mode = settings.routes().reload();
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        if (folder.path() != null && mode != Reload.OFF) {
            watch.begin();
            // So that the first save is not kept waiting for it.
            Thread.ofPlatform()
                    .name("route-schema")
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .start(RouteSchema::load);
        }
    }

    @EventListener(ContextClosedEvent.class)
    void end() {
        watch.end();
    }

    private List<FileStamp> stamps() throws IOException {
        Path path = folder.path();
        if (path == null) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        List<FileStamp> stamps = new ArrayList<>();
        for (Path file : RouteFolder.list(path, problems)) {
            FileStamp.of(file).ifPresent(stamps::add);
        }
        problems.forEach(problem -> stamps.add(FileStamp.of(problem)));
        return stamps;
    }

    private void changed() {
        try {
            routes.reload();
        } catch (Refused told) {
            // Logged, and shown on /stats.
        }
    }
}
