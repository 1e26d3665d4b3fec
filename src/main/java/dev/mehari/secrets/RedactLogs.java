package dev.mehari.secrets;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.Iterator;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Puts the {@link RedactingEncoder} before every place that logs go to, whatever configuration named it, as soon as the
 * settings are read and logging is set up. Before that nothing of ours is logged.
 */
public final class RedactLogs implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Secrets.OF_PROCESS.addFrom(event.getEnvironment());
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            for (Logger logger : loggers.getLoggerList()) {
                logger.iteratorForAppenders().forEachRemaining(RedactLogs::redact);
            }
        }
    }

    private static void redact(Appender<ILoggingEvent> appender) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> writer
                && !(writer.getEncoder() instanceof RedactingEncoder)) {
            RedactingEncoder encoder = new RedactingEncoder(writer.getEncoder(), Secrets.OF_PROCESS);
            encoder.setContext(writer.getContext());
            encoder.start();
            writer.setEncoder(encoder);
        }
        if (appender instanceof AppenderAttachable<?>) {
            @SuppressWarnings("unchecked") // an appender of log events hands them on to others of log events
            AppenderAttachable<ILoggingEvent> others = (AppenderAttachable<ILoggingEvent>) appender;
            Iterator<Appender<ILoggingEvent>> behind = others.iteratorForAppenders();
            behind.forEachRemaining(RedactLogs::redact);
        }
    }
}
