package dev.mehari.startup;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** An application.yaml that is no YAML: file, line and reason. */
final class YamlFailures extends AbstractFailureAnalyzer<MarkedYAMLException> {
    private static final Pattern FILE =
            Pattern.compile("(?:file|classpath|class path resource)[: \\[]+([^\\s'\"\\]]+)");

    @Override
    protected FailureAnalysis analyze(Throwable root, MarkedYAMLException cause) {
        String where = cause.getProblemMark() == null
                ? ""
                : ", line " + (cause.getProblemMark().getLine() + 1) + ", column "
                        + (cause.getProblemMark().getColumn() + 1);
        String file = firstFile(root);
        return new FailureAnalysis(
                (file == null ? "application.yaml" : file) + where + ": not valid YAML: " + cause.getProblem(),
                "Correct that line; YAML indents with spaces.",
                cause);
    }

    /** The first settings file that a message of the chain names. */
    private static @Nullable String firstFile(Throwable root) {
        for (Throwable cause = root; cause != null; cause = cause.getCause()) {
            Matcher file = FILE.matcher(String.valueOf(cause.getMessage()));
            while (file.find()) {
                if (file.group(1).contains("application")) {
                    return file.group(1);
                }
            }
        }
        return null;
    }
}
