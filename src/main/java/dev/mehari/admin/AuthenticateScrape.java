package dev.mehari.admin;

import dev.mehari.access.ScrapeAccess;
import dev.mehari.transport.ClientRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticateScrape}: on a gateway that others can reach, lets only those read its numbers who have the scrape
 * key or the admin key, and the dashboard. Doors such as {@code /stats} begin with it.
 */
@Component
final class AuthenticateScrape implements Processor {
    private final ScrapeAccess access;
    private final BrowserSession session;

    AuthenticateScrape(ScrapeAccess access, BrowserSession session) {
        this.access = access;
        this.session = session;
    }

    @Override
    public void process(Exchange exchange) {
        ClientRequest request = ClientRequest.of(exchange);
        if (!session.admits(request)) {
            access.require(request.header("authorization"), request.header("x-api-key"));
        }
    }
}
