package dev.mehari;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** A route file that cannot be loaded: file, line and reason. */
final class RouteFailures extends AbstractFailureAnalyzer<Exception> {
    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{([\\w.-]+)=");
    private static final Pattern TWICE = Pattern.compile("Duplicate route ids detected: ([^.]+)\\. ");
    private static final Pattern TAKEN = Pattern.compile("Multiple consumers for the same endpoint[^:]*: (\\S+)");
    private static final Pattern EMPTY = Pattern.compile("Resource is empty: (?:file:)?(\\S+)");

    private final Environment environment;

    RouteFailures(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, Exception cause) {
        MarkedYamlEngineException yaml = FailureText.find(root, MarkedYamlEngineException.class);
        if (yaml != null) {
            String where = yaml.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                    .orElse("");
            String file = FailureText.firstQuoted(root, ".camel.yaml");
            return analysis(
                    (file == null ? "a route file" : file.replaceFirst(",$", "")) + where + ": " + yaml.getProblem(),
                    cause);
        }
        FailedToCreateRouteException create = FailureText.find(root, FailedToCreateRouteException.class);
        if (create != null) {
            return notCreated(create, cause);
        }
        FailedToStartRouteException start = FailureText.find(root, FailedToStartRouteException.class);
        if (start != null) {
            Matcher taken = TAKEN.matcher(FailureText.deepest(start));
            if (taken.find()) {
                String endpoint = taken.group(1).replace("://", ":");
                return analysis(
                        "more than one route begins at " + endpoint + ": "
                                + String.join("; ", RouteFiles.read(environment).beginningsAt(endpoint)),
                        cause);
            }
            return analysis(placed(start.getRouteId(), null, "cannot be started: " + reason(start)), cause);
        }
        IOException unreadable = FailureText.find(root, IOException.class);
        Matcher empty = EMPTY.matcher(unreadable == null ? "" : String.valueOf(unreadable.getMessage()));
        return empty.find() ? analysis(empty.group(1) + ", line 1: the route file is empty", cause) : null;
    }

    private FailureAnalysis notCreated(FailedToCreateRouteException create, Exception cause) {
        Matcher twice = TWICE.matcher(String.valueOf(create.getMessage()));
        if (twice.find()) {
            String id = twice.group(1);
            return analysis(
                    "the route id \"" + id + "\" is there more than once: "
                            + String.join("; ", RouteFiles.read(environment).definitionsOf(id)),
                    cause);
        }
        return analysis(placed(create.getRouteId(), culprit(create), "cannot be made: " + reason(create)), cause);
    }

    /** What to look for in the file, when the failure names it. */
    private static @Nullable String culprit(Throwable failure) {
        NoSuchBeanException bean = FailureText.find(failure, NoSuchBeanException.class);
        if (bean != null) {
            return bean.getName();
        }
        SimpleIllegalSyntaxException simple = FailureText.find(failure, SimpleIllegalSyntaxException.class);
        if (simple != null) {
            return simple.getExpression();
        }
        Matcher option = UNKNOWN_OPTION.matcher(FailureText.deepest(failure));
        return option.find() ? option.group(1) : null;
    }

    private static String reason(Throwable failure) {
        NoSuchBeanException bean = FailureText.find(failure, NoSuchBeanException.class);
        Matcher option = UNKNOWN_OPTION.matcher(FailureText.deepest(failure));
        if (bean != null) {
            return "there is no step or bean \"" + bean.getName() + "\"";
        }
        if (option.find()) {
            return "its endpoint has no parameter \"" + option.group(1) + "\"";
        }
        return FailureText.deepest(failure);
    }

    private String placed(@Nullable String routeId, @Nullable String culprit, String what) {
        if (routeId == null) {
            return "a route " + what;
        }
        String place = RouteFiles.read(environment).find(routeId, culprit);
        return (place == null ? "" : place + ": ") + "route \"" + routeId + "\" " + what;
    }

    private static FailureAnalysis analysis(String description, Exception cause) {
        return new FailureAnalysis(description, "Correct that route file; the jar carries the shipped ones.", cause);
    }
}
