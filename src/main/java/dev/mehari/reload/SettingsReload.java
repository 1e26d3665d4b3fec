package dev.mehari.reload;

import dev.mehari.config.LiveSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.MehariSettings.Reload;
import dev.mehari.config.UnknownSettings;
import dev.mehari.secrets.Secrets;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/**
 * Takes what is data in edited settings: providers, model groups, routing, prices, budgets and keys. All else is told to need a restart, and stays as
 * it was. Thread-safe; one reload at a time.
 */
@Component
public final class SettingsReload {
    private static final Logger log = LoggerFactory.getLogger(SettingsReload.class);

    /** The parts of {@link MehariSettings} whose readers ask for the newest. */
    private static final Set<String> LIVE =
            Set.of("defaultProvider", "streaming", "providers", "models", "prices", "budgets");

    /** The same within parts of which the rest is read at start. */
    private static final Set<String> NAMED = Set.of(
            "mehari.limits.concurrent-calls",
            "mehari.access.api-keys",
            "mehari.keys.list",
            "mehari.keys.teams",
            "mehari.keys.completion-tokens",
            "mehari.keys.reservation");

    private final SettingsFiles files;
    private final SettingsTarget target;
    private final LiveRoutes routes;
    private final MehariSettings atStart;
    private final LiveSettings live;
    private final SettingsStatus status;
    private final ReentrantLock reloading = new ReentrantLock();

    /** Under the lock. */
    private List<String> warned;

    SettingsReload(
            SettingsFiles files,
            SettingsTarget target,
            LiveRoutes routes,
            MehariSettings atStart,
            LiveSettings live,
            SettingsStatus status,
            ConfigurableEnvironment environment) {
        this.files = files;
        this.target = target;
        this.routes = routes;
        this.atStart = atStart;
        this.live = live;
        this.status = status;
        this.warned = UnknownSettings.warnings(environment);
    }

    /**
     * Reads the files and puts what they say in use.
     *
     * @return whether something has changed
     * @throws Refused they hold a mistake; nothing has changed
     */
    public boolean reload() {
        reloading.lock();
        try {
            return change();
        } catch (RuntimeException failure) {
            Problem problem = SettingsBlame.of(failure, files.broken());
            status.refused(problem);
            log.error("settings stay as they were: {}", problem.text());
            throw new Refused(problem);
        } finally {
            reloading.unlock();
        }
    }

    private boolean change() {
        ConfigurableEnvironment environment = files.read();
        Secrets.OF_PROCESS.addFrom(environment);
        MehariSettings edited = Binder.get(environment).bindOrCreate("mehari", MehariSettings.class);
        warn(UnknownSettings.warnings(environment));
        List<String> restart = needRestart(edited, environment);
        if (edited.equals(live.get())) {
            status.well(restart);
            return false;
        }
        Runnable use = target.prepare(edited, environment, routes.live().camel());
        if (atStart.routes().reload() == Reload.CHECK_ONLY) {
            log.info("the settings are well; mehari.routes.reload is check-only, so they are not taken");
            status.well(restart);
            return false;
        }
        use.run();
        status.taken(restart);
        log.info(
                "settings reloaded{}",
                restart.isEmpty() ? "" : "; these need a restart: " + String.join(", ", restart));
        return true;
    }

    /** Once: a saved route file has the settings looked at too. */
    private void warn(List<String> unknown) {
        unknown.stream().filter(warning -> !warned.contains(warning)).forEach(log::warn);
        warned = unknown;
    }

    private List<String> needRestart(MehariSettings edited, ConfigurableEnvironment environment) {
        List<String> changed = new ArrayList<>();
        for (RecordComponent part : MehariSettings.class.getRecordComponents()) {
            if (!LIVE.contains(part.getName())) {
                compare("mehari." + kebab(part.getName()), part, atStart, edited, changed);
            }
        }
        changed.removeIf(SettingsReload::isLive);
        changed.addAll(files.othersChanged(environment));
        return changed;
    }

    /** Into records, so that the very setting is named. */
    private static void compare(String name, RecordComponent part, Record before, Record after, List<String> changed) {
        Object old = value(part, before);
        Object edited = value(part, after);
        if (Objects.equals(old, edited)) {
            return;
        }
        if (old instanceof Record was && edited instanceof Record is) {
            for (RecordComponent inner : was.getClass().getRecordComponents()) {
                compare(name + "." + kebab(inner.getName()), inner, was, is, changed);
            }
        } else {
            changed.add(name);
        }
    }

    private static boolean isLive(String setting) {
        boolean routing = setting.startsWith("mehari.routing.") && !setting.startsWith("mehari.routing.cooldown");
        return routing || NAMED.contains(setting);
    }

    private static Object value(RecordComponent part, Record record) {
        try {
            return part.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
