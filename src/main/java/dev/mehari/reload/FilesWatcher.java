package dev.mehari.reload;

import dev.mehari.config.MehariSettings;
import dev.mehari.config.MehariSettings.Reload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Notices that somebody saved a route file or settings, and has them reloaded. */
@Component
@ConditionalOnProperty(name = FolderCheck.OFFLINE, havingValue = "false", matchIfMissing = true)
final class FilesWatcher {
    private final LiveRoutes routes;
    private final SettingsReload settings;
    private final RouteFolder folder;
    private final SettingsFiles files;
    private final Reload mode;
    private final Watch watch = new Watch("file-watcher", this::stamps, this::changed);
    private final List<FileStamp> atStart;

    FilesWatcher(
            LiveRoutes routes, SettingsReload settings, RouteFolder folder, SettingsFiles files, MehariSettings started)
            throws IOException {
        this.routes = routes;
        this.settings = settings;
        this.folder = folder;
        this.files = files;
        this.mode = started.routes().reload();
        // Now, not when the gateway is ready: what is saved in between would never be taken.
        this.atStart = mode == Reload.OFF ? List.of() : stamps();
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        if (mode == Reload.OFF) {
            return;
        }
        watch.begin(atStart);
        if (folder.path() != null) {
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
        List<FileStamp> stamps = new ArrayList<>();
        for (Path file : files.paths()) {
            FileStamp.of(file).ifPresent(stamps::add);
        }
        Path path = folder.path();
        if (path != null) {
            stamps.addAll(RouteFolder.stamps(path));
        }
        return stamps;
    }

    /** A provider comes with settings and a route; which of the two is saved first should not matter. */
    private void changed() {
        boolean routesChanged = changes(routes::reload);
        boolean settingsChanged = changes(settings::reload);
        if (!routesChanged && settingsChanged) {
            changes(routes::reload);
        }
    }

    private static boolean changes(BooleanSupplier reload) {
        try {
            return reload.getAsBoolean();
        } catch (Refused told) {
            // Logged, and shown on /stats.
            return false;
        }
    }
}
