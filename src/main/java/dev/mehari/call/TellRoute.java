package dev.mehari.call;

import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.transport.HttpDoors;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/**
 * Tells the route {@code call-over}, when an operator has added one, of every call that is over: a map of plain values, on
 * a virtual thread of its own. Without that route it costs a comparison.
 */
@Component
final class TellRoute implements CallObserver {
    private static final String ROUTE = "call-over";
    private static final Logger log = LoggerFactory.getLogger(TellRoute.class);

    private final Supplier<HttpDoors> doors;
    private volatile @Nullable Listener listener;

    /** @param doors asked for late: they know who records calls */
    TellRoute(ObjectProvider<HttpDoors> doors) {
        this.doors = SingletonSupplier.of(doors::getObject);
    }

    /** @param template null: that context has no such route */
    private record Listener(CamelContext camel, @Nullable ProducerTemplate template) {}

    @Override
    public void ended(CallRecord call, @Nullable RequestFacts request) {
        CamelContext camel = doors.get().context();
        Listener known = listener;
        if (camel == null) {
            return;
        }
        if (known == null || known.camel() != camel) {
            known = listen(camel);
            listener = known;
        }
        ProducerTemplate template = known.template();
        if (template != null) {
            Map<String, Object> told = told(call);
            Thread.ofVirtual().name("call-over").start(() -> tell(template, told));
        }
    }

    private static Listener listen(CamelContext camel) {
        Route route = camel.getRoute(ROUTE);
        if (route == null) {
            return new Listener(camel, null);
        }
        ProducerTemplate template = camel.createProducerTemplate();
        template.setDefaultEndpoint(route.getEndpoint());
        return new Listener(camel, template);
    }

    private static void tell(ProducerTemplate template, Map<String, Object> told) {
        Exchange exchange = template.getDefaultEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getMessage().setBody(told);
        told.forEach(exchange::setProperty);
        template.send(exchange);
        if (exchange.getException() != null) {
            log.warn("the route {} failed: {}", ROUTE, exchange.getException().toString());
        }
    }

    private static Map<String, Object> told(CallRecord call) {
        Map<String, Object> told = new LinkedHashMap<>();
        AttemptRecord served = call.served();
        Usage usage = call.usage();
        Long cost = call.costNanoUsd();
        told.put("time", call.received().toString());
        told.put("request_id", call.requestId());
        told.put("operation", call.operation());
        told.put("model", call.model());
        told.put("provider", served == null ? null : served.provider());
        told.put("upstream_model", served == null ? null : served.model());
        told.put("key", call.key());
        told.put("team", call.team());
        told.put("stream", call.stream());
        told.put("status", call.status());
        told.put("input_tokens", usage == null ? null : usage.promptTokens());
        told.put("output_tokens", usage == null ? null : usage.completionTokens());
        told.put("cost_usd", cost == null ? null : cost / 1e9);
        told.put("duration_ms", call.times().total() / 1_000_000);
        return told;
    }
}
