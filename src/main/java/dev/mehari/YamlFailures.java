package dev.mehari;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** An application.yaml that is no YAML: file, line and reason. */
final class YamlFailures extends AbstractFailureAnalyzer<MarkedYAMLException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, MarkedYAMLException cause) {
        String where = cause.getProblemMark() == null
                ? ""
                : ", line " + (cause.getProblemMark().getLine() + 1) + ", column "
                        + (cause.getProblemMark().getColumn() + 1);
        String file = FailureText.firstQuoted(root, "application");
        return new FailureAnalysis(
                (file == null ? "application.yaml" : file) + where + ": not valid YAML: " + cause.getProblem(),
                "Correct that line; YAML indents with spaces.",
                cause);
    }
}
