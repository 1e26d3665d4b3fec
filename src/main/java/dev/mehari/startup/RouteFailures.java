package dev.mehari.startup;

import dev.mehari.reload.RouteBlame;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Route files that cannot be loaded at start: file, line and reason. */
final class RouteFailures extends AbstractFailureAnalyzer<Exception> {
    private final Environment environment;

    RouteFailures(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, Exception cause) {
        String told = RouteBlame.tell(root, environment);
        return told == null
                ? null
                : new FailureAnalysis(told, "Correct that route file; the jar carries the shipped ones.", cause);
    }
}
