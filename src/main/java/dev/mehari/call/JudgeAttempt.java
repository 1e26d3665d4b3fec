package dev.mehari.call;

import dev.mehari.chat.GatewayException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code judgeAttempt}: after an attempt, either there is an answer and the loop ends, or another deployment may
 * serve and the loop goes on, or the failure is final and is thrown.
 */
@Component
final class JudgeAttempt implements Processor {
    private static final Logger log = LoggerFactory.getLogger(JudgeAttempt.class);

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Attempt attempt = call.attempt();
        if (attempt.answer() != null) {
            exchange.setProperty("attempting", false);
            return;
        }
        GatewayException failure = call.failure();
        if (!failure.anotherMayServe() || !call.hasMoreDeployments()) {
            throw failure;
        }
        log.warn(
                "attempt {} of [{}] at provider \"{}\" failed, trying the next deployment: {}",
                call.attempts().size(),
                call.client().requestId(),
                attempt.ask().provider().name(),
                failure.text());
    }
}
