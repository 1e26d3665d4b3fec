package dev.mehari.startup;

import dev.mehari.config.StartupException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what an operator can mend as two lines instead of a stack trace. */
final class StartupFailures extends AbstractFailureAnalyzer<StartupException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, StartupException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
