package dev.mehari.call;

import dev.mehari.provider.bedrockagent.AgentTraces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes agents' traces to the log, at level DEBUG of {@code dev.mehari.agent}. They hold what users said. */
@Component
final class LogAgentTraces implements AgentTraces {
    private static final Logger log = LoggerFactory.getLogger("dev.mehari.agent");

    @Override
    public boolean wanted() {
        return log.isDebugEnabled();
    }

    @Override
    public void trace(String provider, String json) {
        log.debug("agent of provider \"{}\": {}", provider, json);
    }
}
