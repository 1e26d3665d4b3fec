package dev.mehari.report;

import dev.mehari.transport.ClientRequest;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code tellMetrics}: all meters as Prometheus reads them, or as OpenMetrics when it asks for that. */
@Component
final class TellMetrics implements Processor {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final StateMeters state;

    TellMetrics(PrometheusMeterRegistry registry, StateMeters state) {
        this.registry = registry;
        this.state = state;
    }

    @Override
    public void process(Exchange exchange) {
        state.discover();
        ClientRequest request = ClientRequest.of(exchange);
        String form = form(request.header("accept"));
        exchange.getMessage().setHeader("content-type", form);
        exchange.getMessage().setHeader("cache-control", "no-store");
        exchange.getMessage().setBody(registry.scrape(form).getBytes(StandardCharsets.UTF_8));
    }

    private static String form(@Nullable String accepted) {
        return accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    }
}
