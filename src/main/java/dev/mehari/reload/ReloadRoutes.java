package dev.mehari.reload;

import dev.mehari.chat.GatewayException.HttpFault;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code reloadRoutes}: looks at route files and settings now, without waiting for the watcher. A mistake is 422, with
 * all its places.
 */
@Component
final class ReloadRoutes implements Processor {
    private final LiveRoutes routes;
    private final SettingsReload settings;

    ReloadRoutes(LiveRoutes routes, SettingsReload settings) {
        this.routes = routes;
        this.settings = settings;
    }

    @Override
    public void process(Exchange exchange) {
        try {
            routes.reload();
            settings.reload();
        } catch (Refused refused) {
            throw new HttpFault(422, "reload_refused", String.valueOf(refused.getMessage()));
        }
    }
}
