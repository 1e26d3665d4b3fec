package dev.mehari.startup;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Why the gateway does not start, and what to do about it, as one line of the log: containers' logs are read by line, and
 * often only the last one. It comes before Spring Boot's own report of many lines, and silences that.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartupReport implements FailureAnalysisReporter {
    private static final Logger log = LoggerFactory.getLogger(StartupReport.class);

    @Override
    public void report(FailureAnalysis analysis) {
        log.error("Mehari cannot start: {}", oneLine(analysis.getDescription(), analysis.getAction()));
        LoggingSystem.get(StartupReport.class.getClassLoader())
                .setLogLevel(LoggingFailureAnalysisReporter.class.getName(), LogLevel.OFF);
    }

    /** The lines of all texts as sentences of one. */
    static String oneLine(@Nullable String... texts) {
        return Stream.of(texts)
                .flatMap(text -> text == null ? Stream.empty() : text.lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> ".:;,!?".indexOf(line.charAt(line.length() - 1)) < 0 ? line + "." : line)
                .collect(Collectors.joining(" "));
    }
}
