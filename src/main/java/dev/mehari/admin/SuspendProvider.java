package dev.mehari.admin;

import dev.mehari.call.SuspendedProviders;
import dev.mehari.chat.GatewayException.HttpFault;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code suspendProvider}: takes the provider whose route the path names out of service, or brings it back, as the last
 * segment of the path says.
 */
@Component
final class SuspendProvider implements Processor {
    private static final String PREFIX = "provider-";

    private final SuspendedProviders suspended;

    SuspendProvider(SuspendedProviders suspended) {
        this.suspended = suspended;
    }

    @Override
    public void process(Exchange exchange) {
        String route = String.valueOf(exchange.getProperty("path", Map.class).get("route"));
        if (exchange.getContext().getRoute(route) == null) {
            throw new HttpFault(404, "route_not_found", "there is no route \"" + route + "\"");
        }
        if (!route.startsWith(PREFIX)) {
            throw new HttpFault(
                    400,
                    "not_a_provider",
                    "only the routes of providers can be suspended, such as provider-openai, not \"" + route + "\"");
        }
        String provider = route.substring(PREFIX.length());
        boolean resume = exchange.getMessage()
                .getHeader(Exchange.HTTP_PATH, "", String.class)
                .endsWith("/resume");
        if (resume) {
            suspended.resume(provider);
        } else {
            suspended.suspend(provider);
        }
    }
}
