package dev.mehari.reload;

import dev.mehari.config.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Finds out where in which settings file a mistake stands. */
final class SettingsBlame {
    private SettingsBlame() {}

    /** @param broken the file that is no YAML, when one is */
    static Problem of(RuntimeException failure, @Nullable String broken) {
        StartupException told = Causes.find(failure, StartupException.class);
        if (told != null) {
            return Problem.of(told.getMessage() + ". " + told.action());
        }
        MarkedYAMLException yaml = Causes.find(failure, MarkedYAMLException.class);
        if (yaml != null) {
            Mark mark = yaml.getProblemMark();
            String reason = "not valid YAML: " + yaml.getProblem();
            return mark == null
                    ? new Problem(broken, 0, 0, reason)
                    : new Problem(broken, mark.getLine() + 1, mark.getColumn() + 1, reason);
        }
        BindException bind = Causes.find(failure, BindException.class);
        return bind == null ? Problem.of(Causes.deepest(failure)) : of(bind);
    }

    private static Problem of(BindException bind) {
        ConfigurationProperty property = bind.getProperty();
        String reason = Causes.deepest(bind);
        if (property == null) {
            return Problem.of(bind.getName() + ": " + reason);
        }
        String what = property.getName() + " is \"" + property.getValue() + "\": " + reason;
        Origin origin = property.getOrigin();
        while (origin instanceof OriginProvider outer && outer.getOrigin() != null) {
            origin = outer.getOrigin();
        }
        return origin instanceof TextResourceOrigin text && text.getLocation() != null && text.getResource() != null
                ? new Problem(
                        text.getResource().getFilename(),
                        text.getLocation().getLine() + 1,
                        text.getLocation().getColumn() + 1,
                        what)
                : Problem.of(what);
    }
}
