package dev.mehari.reload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.call.Breakers;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.MehariSettings.Reload;
import dev.mehari.transport.HttpDoors;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/*
 * How edited routes come into use:
 *
 *   read ─► YAML ─► Camel's schema ─► a context beside the one that serves ─► the gateway's own checks
 *                                                                                  │ all well
 *   breakers that did not change are handed on ─► sources change over ─► doors: one volatile write ─► the old one drains
 *
 * Whatever fails on the way, the context that serves has not been touched. A whole context instead of single routes: a
 * routeConfiguration reaches all of them, what a deleted file held is gone, and calls see either all of the old or all of
 * the new.
 */
/** The routes in use, and how others take their place. Thread-safe; one reload at a time. */
@Component
public final class LiveRoutes implements CamelContextConfiguration, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(LiveRoutes.class);

    private final RouteFolder folder;
    private final ObjectProvider<RouteBuild> builds;
    private final HttpDoors doors;
    private final ReloadStatus status;
    private final RouteNumbers numbers;
    private final Reload mode;
    private final boolean offline;
    private final Drain drain;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile @Nullable Generation live;

    /** @param builds asked for late: it makes contexts with all that configures them, this among it */
    LiveRoutes(
            RouteFolder folder,
            ObjectProvider<RouteBuild> builds,
            HttpDoors doors,
            ReloadStatus status,
            RouteNumbers numbers,
            MehariSettings settings,
            @Value("${" + FolderCheck.OFFLINE + ":false}") boolean offline) {
        this.offline = offline;
        this.folder = folder;
        this.builds = builds;
        this.doors = doors;
        this.status = status;
        this.numbers = numbers;
        this.mode = settings.routes().reload();
        this.drain = new Drain(doors);
    }

    /** Loads the first generation, into the context that Spring Boot has made. */
    @Override
    public void beforeApplicationStart(CamelContext camel) {
        // A command asks for them itself, to tell all mistakes.
        List<RouteFile> files = offline ? List.of() : folder.read();
        List<RouteTree> trees = RouteTree.readAll(files);
        try {
            CamelContexts.load(camel, files);
        } catch (Exception failure) {
            throw new Refused(RouteBuild.problem(failure, files));
        }
        drain.keepsShell(camel);
        live = Generation.first(camel, trees);
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {}

    /** How many contexts still wait for their last call. */
    int draining() {
        return drain.count();
    }

    Generation live() {
        Generation generation = live;
        if (generation == null) {
            throw new IllegalStateException("no routes have been loaded yet");
        }
        return generation;
    }

    /**
     * Reads the files and lets what they say take the place of what serves. Blocks until new calls use it.
     *
     * @return whether something has changed
     * @throws Refused the files hold a mistake; nothing has changed
     */
    public boolean reload() {
        reloading.lock();
        try {
            boolean changed = change(folder.read());
            status.taken(live().number(), changed);
            return changed;
        } catch (Refused refused) {
            status.refused(refused.problems());
            refused.problems().forEach(problem -> log.error("routes stay as they were: {}", problem.text()));
            throw refused;
        } finally {
            reloading.unlock();
        }
    }

    private boolean change(List<RouteFile> files) {
        Generation before = live();
        if (files.equals(before.files())) {
            return false;
        }
        long began = System.nanoTime();
        RouteBuild build = builds.getObject();
        List<RouteTree> trees = build.parse(files, before.trees());
        CamelContext camel = build.build(trees);
        if (mode == Reload.CHECK_ONLY) {
            camel.stop();
            log.info("the route files are well; mehari.routes.reload is check-only, so they are not taken");
            return false;
        }
        Generation after = before.next(camel, trees);
        keepBreakers(before, after);
        changeSources(before, after);
        doors.show(camel);
        live = after;
        numbers.keepOnly(after.routes().keySet());
        drain.begin(before.camel());
        log.info(
                "routes reloaded in {} ms: generation {}, {} routes",
                (System.nanoTime() - began) / 1_000_000,
                after.number(),
                camel.getRoutesSize());
        return true;
    }

    private static void keepBreakers(Generation before, Generation after) {
        Map<String, JsonNode> old = before.routes();
        after.routes().forEach((id, route) -> {
            if (route.equals(old.get(id))) {
                Breakers.keep(before.camel(), after.camel(), id);
            }
        });
    }

    /** Two must not fetch the same work: the old ones stop first. When a new one cannot start, they start again. */
    private static void changeSources(Generation before, Generation after) {
        try {
            for (Route route : before.camel().getRoutes()) {
                if (!RouteBuild.isPassive(route)) {
                    before.camel().getRouteController().stopRoute(route.getId());
                }
            }
            startSources(after.camel());
        } catch (Exception failure) {
            after.camel().stop();
            try {
                startSources(before.camel());
            } catch (Exception again) {
                log.error("routes that fetch their work themselves could not be started again", again);
            }
            throw new Refused(RouteBuild.problem(failure, after.files()));
        }
    }

    private static void startSources(CamelContext camel) throws Exception {
        for (Route route : camel.getRoutes()) {
            if (!RouteBuild.isPassive(route) && RouteBuild.mayStart(route)) {
                camel.getRouteController().startRoute(route.getId());
            }
        }
    }

    @Override
    public void destroy() {
        Generation generation = live;
        // A start that failed early has loaded none.
        if (generation != null) {
            drain.end(generation.camel());
        }
    }
}
