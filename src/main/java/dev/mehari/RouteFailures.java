package dev.mehari;

import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** A route file that cannot be loaded: file, line and reason. */
final class RouteFailures extends AbstractFailureAnalyzer<Exception> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, Exception cause) {
        MarkedYamlEngineException yaml = FailureText.find(root, MarkedYamlEngineException.class);
        if (yaml != null) {
            String where = yaml.getProblemMark()
                    .map(mark -> " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                    .orElse("");
            String file = FailureText.firstQuoted(root, ".camel.yaml");
            return analysis((file == null ? "a route file" : file) + where + ": " + yaml.getProblem(), cause);
        }
        FailedToCreateRouteException create = FailureText.find(root, FailedToCreateRouteException.class);
        if (create != null) {
            return analysis("route " + place(create.getRouteId(), create.getLocation()) + " cannot be made: "
                    + FailureText.deepest(create), cause);
        }
        FailedToStartRouteException start = FailureText.find(root, FailedToStartRouteException.class);
        return start == null
                ? null
                : analysis("route " + place(start.getRouteId(), start.getLocation()) + " cannot be started: "
                        + FailureText.deepest(start), cause);
    }

    private static String place(String id, String location) {
        return "\"" + id + "\"" + (location == null ? "" : " (" + location + ")");
    }

    private static FailureAnalysis analysis(String description, Exception cause) {
        return new FailureAnalysis(description, "Correct that route file, or restore it from the jar.", cause);
    }
}
