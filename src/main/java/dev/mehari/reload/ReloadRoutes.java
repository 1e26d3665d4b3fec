package dev.mehari.reload;

import dev.mehari.chat.GatewayException.HttpFault;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code reloadRoutes}: looks at the files now, without waiting for the watcher. A mistake is 422, with all its places. */
@Component
final class ReloadRoutes implements Processor {
    private final LiveRoutes routes;

    ReloadRoutes(LiveRoutes routes) {
        this.routes = routes;
    }

    @Override
    public void process(Exchange exchange) {
        try {
            routes.reload();
        } catch (Refused refused) {
            throw new HttpFault(422, "routes_refused", String.valueOf(refused.getMessage()));
        }
    }
}
