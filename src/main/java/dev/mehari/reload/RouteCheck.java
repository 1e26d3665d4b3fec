package dev.mehari.reload;

import org.apache.camel.CamelContext;

/** What the gateway wants of routes beyond what Camel does. */
public interface RouteCheck {
    /** @throws dev.mehari.config.StartupException saying what is missing */
    void check(CamelContext camel);
}
