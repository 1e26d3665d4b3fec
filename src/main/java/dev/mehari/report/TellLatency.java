package dev.mehari.report;

import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.Json;
import dev.mehari.usage.metrics.LatencyBoard;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Step {@code tellLatency}: percentiles of times as JSON; 404 where none are measured. */
@Component
final class TellLatency implements Processor {
    private final @Nullable LatencyBoard board;

    TellLatency(ObjectProvider<LatencyBoard> board) {
        this.board = board.getIfAvailable();
    }

    @Override
    public void process(Exchange exchange) {
        if (board == null) {
            throw new HttpFault(
                    404, "unknown_url", "Latencies are not measured here (ENABLE_LATENCY_METRICS is false).");
        }
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setHeader("cache-control", "no-store");
        exchange.getMessage()
                .setBody(Json.text(Json.MAPPER.valueToTree(board.tell())).getBytes(StandardCharsets.UTF_8));
    }
}
