package dev.mehari.report;

import dev.mehari.transport.HttpServers;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Step {@code reportHealth}: alive is whoever answers; ready only a gateway whose routes are all up and that still takes
 * calls. 200 or 503.
 */
@Component
final class ReportHealth implements Processor {
    private final ObjectProvider<HttpServers> servers;

    /** @param servers asked for late: they start after the routes, and listen to them */
    ReportHealth(ObjectProvider<HttpServers> servers) {
        this.servers = servers;
    }

    @Override
    public void process(Exchange exchange) {
        boolean live = exchange.getMessage()
                .getHeader(Exchange.HTTP_PATH, "", String.class)
                .endsWith("/live");
        boolean up = live || (servers.getObject().isOpen() && routesAreUp(exchange.getContext()));
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, up ? 200 : 503);
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setHeader("cache-control", "no-store");
        exchange.getMessage()
                .setBody(("{\"status\":\"" + (up ? "up" : "down") + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static boolean routesAreUp(CamelContext camel) {
        for (Route route : camel.getRoutes()) {
            if (!camel.getRouteController().getRouteStatus(route.getRouteId()).isStarted()) {
                return false;
            }
        }
        return camel.getStatus().isStarted();
    }
}
